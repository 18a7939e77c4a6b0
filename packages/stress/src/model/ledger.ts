import type { TestImage } from '@mcr/testkit';
import type { OpenUpload } from './open-upload.ts';
import { Possible } from './possible.ts';
import { BlobPromises } from './promises.ts';
import { emptyRepository, type RepositoryState } from './repository-state.ts';

/** Something to push: an image, or an index, with the blobs that it references itself. */
export type Pushable = Pick<TestImage, 'manifest' | 'blobs'>;

/** Enabled or not, by the description of the rule. */
export type RuleTable = ReadonlyMap<string, boolean>;

/** What one client knows of its repository, which nobody else writes to. */
export class Ledger {
  readonly repository: string;
  readonly state = new Possible<RepositoryState>(emptyRepository);
  readonly blobs = new BlobPromises();
  readonly uploads: OpenUpload[] = [];
  readonly rules = new Possible<RuleTable>(new Map());
  /** Ids of the rules, which a client that got no answer finds by their description. */
  readonly ruleIds = new Map<string, number>();
  /** Everything that was ever pushed, by the digest of its manifest. */
  readonly images = new Map<string, Pushable>();

  constructor(repository: string) {
    this.repository = repository;
  }

  /** Whether a manifest that is there for certain references the blob. */
  isReferenced(digest: string): boolean {
    return [...this.state.certain.manifests].some((manifest) =>
      this.images.get(manifest)?.blobs.some((blob) => blob.digest === digest),
    );
  }

  forget(upload: OpenUpload): void {
    const at = this.uploads.indexOf(upload);
    if (at >= 0) this.uploads.splice(at, 1);
  }
}
