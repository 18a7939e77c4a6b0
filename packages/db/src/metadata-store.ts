import type { Accounts } from './facets/accounts.ts';
import type { AuditLog } from './facets/audit.ts';
import type { Blobs } from './facets/blobs.ts';
import type { Coordination } from './facets/coordination.ts';
import type { Delegations } from './facets/delegations.ts';
import type { GarbageCollection } from './facets/gc.ts';
import type { Identities } from './facets/identities.ts';
import type { Inspection } from './facets/inspection.ts';
import type { LoginFailures } from './facets/logins.ts';
import type { Manifests } from './facets/manifests.ts';
import type { PolicyRules } from './facets/policy.ts';
import type { Repositories } from './facets/repositories.ts';
import type { StorageSpace } from './facets/space.ts';
import type { Tags } from './facets/tags.ts';
import type { AccessTokens } from './facets/tokens.ts';
import type { Uploads } from './facets/uploads.ts';

export interface StoreStatistics {
  readonly repositories: number;
  readonly manifests: number;
  readonly tags: number;
  readonly blobs: number;
  /** Bytes of all blobs, each counted once. */
  readonly blobBytes: number;
  readonly uploads: number;
}

/**
 * Where facts live, a facet for each subject. Every method is a whole operation: one transaction, a pure function of its
 * arguments, safe to retry, with its audit event inside. Nothing outside this package knows SQL. Every implementation
 * must pass `describeMetadataStore` in `@mcr/db/testing`, which has a suite for each facet. Errors are `RegistryError`s
 * with the code that each method names.
 */
export interface MetadataStore {
  readonly blobs: Blobs;
  readonly uploads: Uploads;
  readonly manifests: Manifests;
  readonly tags: Tags;
  readonly repositories: Repositories;
  readonly policy: PolicyRules;
  readonly accounts: Accounts;
  readonly tokens: AccessTokens;
  readonly delegations: Delegations;
  readonly identities: Identities;
  readonly logins: LoginFailures;
  readonly audit: AuditLog;
  readonly gc: GarbageCollection;
  readonly space: StorageSpace;
  readonly coordination: Coordination;
  readonly inspection: Inspection;

  statistics(): Promise<StoreStatistics>;
  /** Throws when the database cannot be read. */
  ping(): Promise<void>;
  /** Writes a consistent copy to `destination`, checked for integrity and mode 0600, while the store stays in use. */
  snapshot(destination: string): Promise<{ readonly size: number }>;
  close(): Promise<void>;
}
