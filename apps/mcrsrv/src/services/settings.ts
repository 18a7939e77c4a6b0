import type { SnapshotsSection, TokensSection } from '@mcr/config';
import type { PolicyDefault, Principal } from '@mcr/core';

/** What operators can set about the behavior of the verbs. */
export interface ServiceSettings {
  /** How long a blob that a client was told about stays, milliseconds: the length of leases and of review delays. */
  readonly gracePeriod: number;
  /** Whether the OCI API deletes tags by name; admins do so by verbs of their own. */
  readonly tagDelete: boolean;
  /** What applies where no policy rule says anything. */
  readonly policyDefault: PolicyDefault;
  /** Idle uploads older than this are removed, milliseconds. */
  readonly uploadTtl: number;
  /** How long bytes stay that nothing refers to any more, milliseconds. */
  readonly trashRetention: number;
  /** Blobs from `minSize` bytes on are redirected to URLs that are valid for `ttl` milliseconds; absent where none is. */
  readonly redirect?: { readonly minSize: number; readonly ttl: number };
  /** Whether a storage that fails makes the server not ready: S3 fails for all replicas alike, which then would all be out of service. */
  readonly isStorageDecisive: boolean;
  /** Whether accounts are the registry's own. */
  readonly localAccounts: boolean;
  /** The workloads of the configuration as callers. */
  readonly workloads: readonly Principal[];
  /** Lifetimes of access tokens, milliseconds, and how many an account may have; 0 is no limit. */
  readonly tokens: TokensSection & { readonly perAccount: number };
  readonly snapshotDirectory: string;
  /** How many snapshots stay there. */
  readonly snapshots: SnapshotsSection;
}
