export { DatabaseError } from './database-error.ts';
export type { AccountPatch, Accounts, NewAccount } from './facets/accounts.ts';
export type { ActivityCount, AuditFilter, AuditLog, StoredAuditEvent } from './facets/audit.ts';
export type { AuditedBlob, BlobRecord, Blobs, Damage } from './facets/blobs.ts';
export type { Coordination, Lease, Versions } from './facets/coordination.ts';
export type { Delegation, DelegationCursor, Delegations } from './facets/delegations.ts';
export type { GarbageCollection, GcRun, PendingGarbage, ReviewResult, TrashEntry } from './facets/gc.ts';
export type { Identities, Identity } from './facets/identities.ts';
export type {
  ComparedFigure,
  DanglingKind,
  DanglingRow,
  InspectedBlob,
  InspectedLocator,
  InspectedManifest,
  InspectedRepository,
  Inspection,
  ManifestRepair,
  RepositoryFigures,
} from './facets/inspection.ts';
export type { FailureCount, LoginFailures } from './facets/logins.ts';
export type {
  ListedManifest,
  ManifestChild,
  ManifestContent,
  ManifestDetails,
  ManifestName,
  ManifestRecord,
  ManifestSummary,
  Manifests,
  Pull,
  PullStamp,
  PushManifest,
  UnsummarizedManifest,
} from './facets/manifests.ts';
export type { NewPolicyRule, PolicyRulePatch, PolicyRuleSet, PolicyRules, StoredPolicyRule } from './facets/policy.ts';
export type { Repositories, RepositoryOrder, RepositorySummary, RepositoryUsage } from './facets/repositories.ts';
export type { Change, Page, PrefixSearch } from './facets/shared.ts';
export type { RepositoryShare, StorageSample, StorageSpace, StoredBytes } from './facets/space.ts';
export type {
  FoundTag,
  TagDeletion,
  TagDeletionPlan,
  TagDetails,
  TagFilter,
  TagOrder,
  TagRecord,
  Tags,
} from './facets/tags.ts';
export type {
  AccessToken,
  AccessTokens,
  FoundToken,
  NewAccessToken,
  TokenCounts,
  TokenCursor,
  TokenOwner,
  TokenUse,
} from './facets/tokens.ts';
export type {
  LastPiece,
  UploadPieceRecord,
  UploadQuota,
  UploadRecord,
  Uploads,
  UploadVersion,
} from './facets/uploads.ts';
export { ManifestDamaged } from './manifest-damaged.ts';
export type { MetadataStore, StoreStatistics } from './metadata-store.ts';
export { type CopyTablesInput, copyTables } from './moving/copy-tables.ts';
export type { MovingDatabase } from './moving/moving-database.ts';
export { openPostgresForMoving } from './moving/postgres-moving.ts';
export {
  beginMove,
  endMove,
  findMoved,
  listSpare,
  type MovedBlob,
  recordMoved,
} from './moving/progress.ts';
export type { TableSum } from './moving/row-sum.ts';
export { assertCurrentSchema, storeIdOf } from './moving/schema-check.ts';
export { openSqliteForMoving } from './moving/sqlite-moving.ts';
export type { ConnectionOptions as PostgresOptions, PoolFigures } from './postgres/connection/connection.ts';
export { examinePostgres } from './postgres/examine-postgres.ts';
export { PostgresMetadataStore } from './postgres/postgres-metadata-store.ts';
export type { ConnectionOptions } from './sqlite/connection/connection.ts';
export { resolveDatabasePath } from './sqlite/connection/database-path.ts';
export { examineDatabase } from './sqlite/examine-database.ts';
export { hasAccountNamed } from './sqlite/read-accounts.ts';
export { type BlobStoreFacts, readBlobStore } from './sqlite/read-blob-store.ts';
export { readPolicyRules } from './sqlite/read-policy-rules.ts';
export { type RestoredDatabase, restoreDatabase } from './sqlite/restore-database.ts';
export { SqliteMetadataStore } from './sqlite/sqlite-metadata-store.ts';
