import { ruleWarnings } from '@mcr/core';
import type { Caller } from '../services/caller.ts';
import type {
  Account,
  Explanation,
  GcRun,
  GcStatus,
  ManifestRecord,
  PolicyRule,
  Principal,
  RepositorySummary,
  Snapshot,
  StoredAuditEvent,
  StoredPolicyRule,
  StoreStatistics,
  TagRecord,
} from '../services/records.ts';

/** How records look on the wire: snake_case, times in RFC 3339, absent fields left out. */

export function repositoryShape(it: RepositorySummary) {
  return {
    name: it.name,
    tag_count: it.tagCount,
    manifest_count: it.manifestCount,
    total_size: it.totalSize,
    created_at: iso(it.createdAt),
    last_push_at: iso(it.lastPushAt),
  };
}

export function tagShape(it: TagRecord) {
  return { name: it.name, digest: it.digest, media_type: it.mediaType, size: it.size, updated_at: iso(it.updatedAt) };
}

export function manifestShape(it: ManifestRecord) {
  return {
    digest: it.digest,
    media_type: it.mediaType,
    size: it.size,
    artifact_type: it.artifactType,
    subject: it.subject,
    created_at: iso(it.createdAt),
  };
}

export function principalShape(it: Principal) {
  return { id: it.id, username: it.username, account_type: it.accountType, roles: it.roles };
}

export function callerShape({ principal, expiresAt }: Caller) {
  return { ...principalShape(principal), expires_at: iso(expiresAt) };
}

/** A built-in rule has no times, and always takes part. */
export function ruleShape(it: PolicyRule & Partial<StoredPolicyRule>) {
  return {
    id: it.id,
    priority: it.priority,
    description: it.description,
    effect: it.effect,
    roles: it.roles,
    account_types: it.accountTypes,
    subject: it.subject,
    actions: it.actions,
    repositories: it.repositories,
    enabled: it.enabled ?? true,
    created_by: it.createdBy,
    created_at: iso(it.createdAt),
    updated_at: iso(it.updatedAt),
    warnings: ruleWarnings(it),
  };
}

export function explanationShape({ effect, ruleId, rule, matches, principal }: Explanation) {
  return {
    effect,
    rule_id: ruleId,
    rule: rule && ruleShape(rule),
    matches: matches.map((match) => ruleShape(match)),
    principal: principalShape(principal),
  };
}

export function auditShape(it: StoredAuditEvent) {
  const { id, type, at, actor, repository, digest, details } = it;
  return { id, event_type: type, at: iso(at), actor, repository, digest, details };
}

export function runShape(it: GcRun) {
  return {
    id: it.id,
    reconcile: it.reconcile,
    trigger: it.trigger,
    state: it.state,
    started_at: iso(it.startedAt),
    completed_at: iso(it.completedAt),
    blobs_removed: it.blobsRemoved,
    bytes_freed: it.bytesFreed,
    uploads_removed: it.uploadsRemoved,
    examined: it.examined,
    orphans_removed: it.orphansRemoved,
    missing_files: it.missingFiles,
    error: it.error,
  };
}

export function gcStatusShape({ running, currentRun, lastRun, pending, nextRunAt }: GcStatus) {
  return {
    running,
    current_run: currentRun && runShape(currentRun),
    last_run: lastRun && runShape(lastRun),
    pending: {
      blobs: pending.blobs,
      bytes: pending.bytes,
      first_due_at: iso(pending.firstDueAt),
      last_due_at: iso(pending.lastDueAt),
    },
    next_run_at: iso(nextRunAt),
  };
}

/** The path stays inside: it tells about the host. */
export function snapshotShape({ name, size, createdAt }: Snapshot) {
  return { name, size, created_at: iso(createdAt) };
}

export function accountShape(it: Account) {
  return {
    id: it.id,
    username: it.username,
    account_type: it.type,
    roles: it.roles,
    enabled: it.enabled,
    created_at: iso(it.createdAt),
    updated_at: iso(it.updatedAt),
  };
}

export function statisticsShape({ blobBytes, ...counts }: StoreStatistics) {
  return { ...counts, blob_bytes: blobBytes };
}

function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
