import type {
  ListLayersResponse,
  ListManifestsResponse,
  ListTagsResponse,
  Repository,
} from '@mcr/rpc/mcr/v1/registry_pb';
import type { Readme } from './readme.ts';
import type { TagFilter } from './tag-filter.ts';

/** A description that was not accepted, and why. */
export interface TypedDescription {
  readonly description: string;
  readonly problem: string;
}

/** What the page shows. */
export interface RepositoryProps {
  readonly view: 'tags' | 'manifests' | 'layers' | 'readme';
  readonly url: URL;
  /** What container clients call the registry. */
  readonly name: string;
  readonly repository: Repository;
  /** Bytes that no other repository shares. */
  readonly uniqueSize: bigint;
  readonly filter: TagFilter;
  readonly sort: string;
  /** With how many tags the filter leaves, as far as one deletion may have them, where there is a filter. */
  readonly tags: ListTagsResponse | undefined;
  readonly manifests: ListManifestsResponse | undefined;
  readonly layers: ListLayersResponse | undefined;
  /** What the newest image says of itself, in the view of that. */
  readonly readme: Readme | undefined;
  readonly isAdmin: boolean;
  /** Whether the audit log of the repository is for the user, and with it who pulled. */
  readonly readsAudit: boolean;
  readonly csrf: string;
  readonly typed: TypedDescription | undefined;
  readonly now: number;
}
