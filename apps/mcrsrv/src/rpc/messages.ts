import type { MessageInitShape } from '@bufbuild/protobuf';
import { ruleWarnings } from '@mcr/core';
import type { AccountSchema, SnapshotSchema } from '@mcr/rpc/mcr/v1/admin_pb';
import type { AuditEventSchema } from '@mcr/rpc/mcr/v1/audit_pb';
import type { PrincipalSchema } from '@mcr/rpc/mcr/v1/common_pb';
import type { PolicyRuleSchema } from '@mcr/rpc/mcr/v1/policy_pb';
import type {
  GCRunSchema,
  ManifestSchema,
  RepositorySchema,
  TagDeletionPlanSchema,
  TagSchema,
} from '@mcr/rpc/mcr/v1/registry_pb';
import type {
  Account,
  GcRun,
  ManifestRecord,
  PolicyRule,
  Principal,
  RepositorySummary,
  Snapshot,
  StoredAuditEvent,
  StoredPolicyRule,
  TagDeletionPlan,
  TagListing,
  TagRecord,
} from '../services/records.ts';
import { int64, timestamp } from './convert.ts';

/** How records look as messages. */

export function repositoryMessage(it: RepositorySummary): MessageInitShape<typeof RepositorySchema> {
  return {
    name: it.name,
    tagCount: it.tagCount,
    manifestCount: it.manifestCount,
    totalSize: int64(it.totalSize),
    createdAt: timestamp(it.createdAt),
    lastPushAt: timestamp(it.lastPushAt),
  };
}

export function tagMessage(it: TagRecord): MessageInitShape<typeof TagSchema> {
  return {
    name: it.name,
    digest: it.digest,
    mediaType: it.mediaType,
    size: int64(it.size),
    updatedAt: timestamp(it.updatedAt),
  };
}

export function tagListingMessage(it: TagListing): MessageInitShape<typeof TagSchema> {
  return {
    name: it.name,
    digest: it.digest,
    mediaType: it.mediaType,
    size: int64(it.size),
    updatedAt: timestamp(it.updatedAt),
    details: {
      ...(it.artifactType !== undefined && { artifactType: it.artifactType }),
      totalSize: int64(it.totalSize),
      platforms: [...it.platforms],
    },
  };
}

export function planMessage({
  id,
  tags,
  manifests,
  freedBytes,
}: TagDeletionPlan): MessageInitShape<typeof TagDeletionPlanSchema> {
  return {
    id,
    tags: tags.map(({ name, digest, otherTags }) => ({ name, digest, otherTags: [...otherTags] })),
    manifests: manifests.map(manifestMessage),
    freedBytes: int64(freedBytes),
  };
}

export function manifestMessage(it: ManifestRecord): MessageInitShape<typeof ManifestSchema> {
  return {
    digest: it.digest,
    mediaType: it.mediaType,
    size: int64(it.size),
    artifactType: it.artifactType,
    subject: it.subject,
    createdAt: timestamp(it.createdAt),
  };
}

export function principalMessage(it: Principal): MessageInitShape<typeof PrincipalSchema> {
  return { id: it.id, username: it.username, accountType: it.accountType, roles: [...it.roles] };
}

/** A built-in rule has no times, and always takes part. */
export function ruleMessage(it: PolicyRule & Partial<StoredPolicyRule>): MessageInitShape<typeof PolicyRuleSchema> {
  return {
    id: int64(it.id),
    priority: it.priority,
    description: it.description,
    effect: it.effect,
    roles: [...it.roles],
    accountTypes: [...it.accountTypes],
    subject: it.subject,
    actions: [...it.actions],
    repositories: [...it.repositories],
    enabled: it.enabled ?? true,
    createdBy: it.createdBy,
    createdAt: timestamp(it.createdAt),
    updatedAt: timestamp(it.updatedAt),
    warnings: [...ruleWarnings(it)],
  };
}

export function auditEventMessage(it: StoredAuditEvent): MessageInitShape<typeof AuditEventSchema> {
  const { id, type, at, actor, repository, digest, details } = it;
  return { id: int64(id), eventType: type, at: timestamp(at), actor, repository, digest, details };
}

export function runMessage(it: GcRun): MessageInitShape<typeof GCRunSchema> {
  return {
    id: it.id,
    reconcile: it.reconcile,
    trigger: it.trigger,
    state: it.state,
    startedAt: timestamp(it.startedAt),
    completedAt: timestamp(it.completedAt),
    blobsRemoved: it.blobsRemoved,
    bytesFreed: int64(it.bytesFreed),
    uploadsRemoved: it.uploadsRemoved,
    examined: it.examined,
    orphansRemoved: it.orphansRemoved,
    missingFiles: it.missingFiles,
    error: it.error,
  };
}

/** The path stays inside: it tells about the host. */
export function snapshotMessage({ name, size, createdAt }: Snapshot): MessageInitShape<typeof SnapshotSchema> {
  return { name, size: int64(size), createdAt: timestamp(createdAt) };
}

export function accountMessage(it: Account): MessageInitShape<typeof AccountSchema> {
  return {
    id: it.id,
    username: it.username,
    accountType: it.type,
    roles: [...it.roles],
    enabled: it.enabled,
    createdAt: timestamp(it.createdAt),
    updatedAt: timestamp(it.updatedAt),
  };
}
