import type { ListManifestsResponse, ListTagsResponse, Repository } from '@mcr/rpc/mcr/v1/registry_pb';

/** A description that was not accepted, and why. */
export interface TypedDescription {
  readonly description: string;
  readonly problem: string;
}

/** What the page shows. */
export interface RepositoryProps {
  readonly url: URL;
  /** What container clients call the registry. */
  readonly name: string;
  readonly repository: Repository;
  /** Bytes that no other repository shares. */
  readonly uniqueSize: bigint;
  readonly search: string;
  readonly sort: string;
  readonly tags: ListTagsResponse | undefined;
  readonly manifests: ListManifestsResponse | undefined;
  readonly isAdmin: boolean;
  readonly csrf: string;
  readonly typed: TypedDescription | undefined;
  readonly now: number;
}
