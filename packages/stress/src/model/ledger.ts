import type { TestImage } from '@mcr/testkit';
import type { OpenUpload } from './open-upload.ts';
import { Possible } from './possible.ts';
import { emptyRepository, isReferenced, type References, type Repository } from './repository.ts';

/** Something to push: an image, or an index, with the blobs that it references itself. */
export type Pushable = Pick<TestImage, 'manifest' | 'blobs'>;

/** What the manifest of something to push references. */
export function referencesOf({ manifest, blobs }: Pushable): References {
  const content: Content = JSON.parse(Buffer.from(manifest.bytes).toString());
  return {
    blobs: blobs.map(({ digest }) => digest),
    children: (content.manifests ?? []).map(({ digest }) => digest),
    subject: content.subject?.digest,
  };
}

interface Content {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly subject?: { readonly digest: string };
}

/** Enabled or not, by the description of the rule. */
export type RuleTable = ReadonlyMap<string, boolean>;

/** Reports whether a requested change was accepted. */
export type Settle = (isAccepted: boolean) => void;

/** What one client knows of a repository, and of the policy rules that it has made for it. */
export class Ledger {
  readonly repository: string;
  /** Whether others write to it, too: then the state is what they all know, and may be overtaken at any time. */
  readonly isShared: boolean;
  readonly state: Possible<Repository>;
  /** Everything that was ever pushed, by the digest of its manifest. */
  readonly images: Map<string, Pushable>;
  /** Uploads that the client has begun. */
  readonly uploads: OpenUpload[] = [];
  readonly rules = new Possible<RuleTable>(new Map());
  /** Ids of the rules, which a client that got no response finds by their description. */
  readonly ruleIds = new Map<string, number>();

  /** Of a repository that only this client writes to, unless others know it by a ledger that is given. */
  constructor(repository: string, common?: Ledger) {
    this.repository = repository;
    this.isShared = common !== undefined;
    this.state = common?.state ?? new Possible(emptyRepository);
    this.images = common?.images ?? new Map();
  }

  /** What the repository holds, as far as this client can know. */
  get now(): Repository {
    return this.state.certain;
  }

  /** A change is requested. With other clients, it counts once it is accepted. */
  attempt(change: (repository: Repository) => Repository): Settle {
    if (!this.isShared) return settling(this.state, change);
    return (isAccepted) => {
      if (isAccepted) this.state.settle(change(this.now));
    };
  }

  /** A change of the rules is requested. */
  attemptRules(next: RuleTable): Settle {
    return settling(this.rules, () => next);
  }

  /** Whether a manifest may rely on the blob. Another client may delete what references it, but no client can end a lease. */
  mayName(blob: string, at: number): boolean {
    return this.holds(blob, at) || (!this.isShared && isReferenced(this.now, blob));
  }

  /** Whether the blob is leased until after a time. */
  holds(blob: string, at: number): boolean {
    return (this.now.leases.get(blob) ?? 0) > at;
  }

  forget(upload: OpenUpload): void {
    const at = this.uploads.indexOf(upload);
    if (at >= 0) this.uploads.splice(at, 1);
  }
}

function settling<State>(possible: Possible<State>, change: (state: State) => State): Settle {
  possible.attempt(change);
  return (isAccepted) => (isAccepted ? possible.accepted() : possible.rejected());
}
