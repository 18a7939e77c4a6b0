import type {
  AccountType,
  Action,
  Actor,
  AuditEvent,
  AuditEventType,
  Digest,
  Effect,
  PolicyRule,
  RepositoryName,
  Tag,
} from '@mcr/core';

/** Times are milliseconds since the epoch, sizes are bytes. Lists are in bytewise order and exclude `after` itself. */
export interface Page<Cursor = string> {
  readonly after?: Cursor;
  readonly limit: number;
}

/** Who changes something and when; part of every change, for its audit event. */
export interface Change {
  readonly actor: Actor;
  readonly now: number;
}

export interface BlobRecord {
  readonly digest: Digest;
  readonly size: number;
  readonly locator: string;
}

export interface ManifestRecord {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  /** `artifactType` of the manifest, else the config's media type of an image manifest. */
  readonly artifactType?: string;
  readonly subject?: string;
  readonly createdAt: number;
}

export interface ManifestContent extends ManifestRecord {
  /** The bytes as they were pushed. */
  readonly content: Uint8Array;
}

/** What lists show of a manifest's content, kept beside it so that they need not read that. */
export interface ManifestSummary {
  readonly annotations: Readonly<Record<string, string>>;
  /** Media type of an image's config. */
  readonly configMediaType?: string;
  /** Such as `linux/arm64/v8`: those that an index lists, or the one of an image's config; absent while that is unknown. */
  readonly platforms?: readonly string[];
}

/** A manifest whose summary is not complete. */
export interface UnsummarizedManifest {
  readonly id: number;
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly mediaType: string;
  /** Unchecked. */
  readonly content: Uint8Array;
}

export interface PushManifest extends Change {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly subject?: string;
  readonly content: Uint8Array;
  /** Blobs that must be in the repository. */
  readonly blobs: readonly Digest[];
  /** Blobs that are referenced if they are in the repository, and not missed otherwise. */
  readonly optionalBlobs: readonly Digest[];
  /** Digests that an index lists; they need not exist (sparse indexes). */
  readonly children: readonly string[];
  /** For lists; without one, `listUnsummarized` has the manifest. */
  readonly summary?: ManifestSummary;
  /** Tags to set to this manifest. */
  readonly tags: readonly Tag[];
  /** When garbage collection looks at blobs that this change may orphan. */
  readonly reviewAfter: number;
}

export interface RepositorySummary {
  readonly name: RepositoryName;
  readonly tagCount: number;
  readonly manifestCount: number;
  /** Bytes of the manifests and of the distinct blobs that they reference. */
  readonly totalSize: number;
  readonly createdAt: number;
  /** Time of the newest manifest push; absent while there is none. */
  readonly lastPushAt?: number;
  /** What it is for, in words. */
  readonly description?: string;
}

export interface TagRecord {
  readonly name: Tag;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly updatedAt: number;
}

/** A rule as it is stored; the engine sees the enabled ones as `PolicyRule`. */
export interface StoredPolicyRule extends PolicyRule {
  readonly enabled: boolean;
  /** UUID of the account that made it. */
  readonly createdBy?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NewPolicyRule {
  readonly priority: number;
  readonly description: string;
  readonly effect: Effect;
  readonly roles: readonly string[];
  readonly accountTypes: readonly AccountType[];
  readonly subject?: string;
  readonly actions: readonly Action[];
  readonly repositories: readonly string[];
  readonly enabled: boolean;
}

/** Changes to a rule; what is left out stays. `subject: null` makes the rule match every account again. */
export type PolicyRulePatch = Partial<Omit<NewPolicyRule, 'subject'>> & { readonly subject?: string | null };

export interface StoredAuditEvent extends AuditEvent {
  readonly id: number;
}

export interface AuditFilter {
  readonly type?: AuditEventType;
  readonly actorId?: string;
  readonly repository?: string;
  /** Inclusive. */
  readonly since?: number;
  /** Exclusive. */
  readonly until?: number;
  /** Only events with a smaller id: newest first, page by page. */
  readonly before?: number;
  readonly offset?: number;
  readonly limit: number;
}

export interface NewAccount {
  readonly id: string;
  readonly username: string;
  readonly type: AccountType;
  readonly roles: readonly string[];
  readonly passwordHash: string;
}

export interface AccountPatch {
  readonly passwordHash?: string;
  readonly enabled?: boolean;
  readonly roles?: readonly string[];
}

/** Counters that another process can compare to notice a change. */
export interface Versions {
  readonly policy: number;
  readonly accounts: number;
}

export interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly until: number;
  /** Grows with every change of holder. */
  readonly fence: number;
}
