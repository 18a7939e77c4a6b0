/** What the verbs answer with; transports know these shapes and not where they come from. */
export type { IssuedToken } from '@mcr/auth';
export type { Account, PolicyRule, Principal } from '@mcr/core';
export type {
  BlobRecord,
  GcRun,
  ManifestContent,
  ManifestRecord,
  RepositorySummary,
  StoredAuditEvent,
  StoredPolicyRule,
  StoreStatistics,
  TagDeletionPlan,
  TagRecord,
  UploadRecord,
} from '@mcr/db';
export type { GcStatus } from './gc/status.ts';
export type { Explanation } from './policy/explain.ts';
export type { Snapshot } from './snapshots/create.ts';
export type { TagListing } from './tags/list-details.ts';
