export type {
  ActivityCount,
  ListedManifest,
  ManifestChild,
  ManifestDetails,
  RepositoryOrder,
  RepositoryUsage,
  TagDeletion,
  TagDeletionPlan,
  TagDetails,
  TagOrder,
} from './insights.ts';
export type {
  AuditedBlob,
  ComparedFigure,
  Damage,
  DanglingKind,
  DanglingRow,
  InspectedBlob,
  InspectedLocator,
  InspectedManifest,
  InspectedRepository,
  Inspection,
  ManifestName,
  ManifestRepair,
  RepositoryFigures,
} from './inspection.ts';
export { ManifestDamaged } from './manifest-damaged.ts';
export type {
  AccountPatch,
  AuditFilter,
  BlobRecord,
  Change,
  GcRun,
  Lease,
  ManifestContent,
  ManifestRecord,
  ManifestSummary,
  MetadataStore,
  NewAccount,
  NewPolicyRule,
  Page,
  PendingGarbage,
  PolicyRulePatch,
  PushManifest,
  RepositorySummary,
  ReviewResult,
  StoredAuditEvent,
  StoredPolicyRule,
  StoreStatistics,
  TagRecord,
  TrashEntry,
  UnsummarizedManifest,
  UploadQuota,
  UploadRecord,
  Versions,
} from './metadata-store.ts';
export type { StoreListeners } from './sqlite/connection/connection.ts';
export { resolveDatabasePath } from './sqlite/connection/database-path.ts';
export { DatabaseError } from './sqlite/connection/errors.ts';
export { examineDatabase } from './sqlite/examine-database.ts';
export { type BlobStoreFacts, readBlobStore } from './sqlite/read-blob-store.ts';
export { readPolicyRules } from './sqlite/read-policy-rules.ts';
export { type RestoredDatabase, restoreDatabase } from './sqlite/restore-database.ts';
export { SqliteMetadataStore } from './sqlite/sqlite-metadata-store.ts';
