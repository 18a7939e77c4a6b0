import type { Account, AuditEvent, Digest, Reference, RepositoryName, Tag } from '@mcr/core';
import type { GcRun, PendingGarbage, ReviewResult, StoreStatistics, TrashEntry } from './garbage-records.ts';
import type {
  ActivityCount,
  ListedManifest,
  ManifestDetails,
  RepositoryOrder,
  RepositoryUsage,
  TagDeletion,
  TagDeletionPlan,
  TagDetails,
  TagOrder,
} from './insights.ts';
import type { AuditedBlob, Inspection } from './inspection.ts';
import type {
  AccountPatch,
  AuditFilter,
  BlobRecord,
  Change,
  Lease,
  ManifestContent,
  ManifestRecord,
  ManifestSummary,
  NewAccount,
  NewPolicyRule,
  Page,
  PolicyRulePatch,
  PushManifest,
  RepositorySummary,
  StoredAuditEvent,
  StoredPolicyRule,
  TagRecord,
  UnsummarizedManifest,
  Versions,
} from './records.ts';
import type { UploadQuota, UploadRecord } from './upload-records.ts';

export type { GcRun, PendingGarbage, ReviewResult, StoreStatistics, TrashEntry } from './garbage-records.ts';
export type {
  AccountPatch,
  AuditFilter,
  BlobRecord,
  Change,
  Lease,
  ManifestContent,
  ManifestRecord,
  ManifestSummary,
  NewAccount,
  NewPolicyRule,
  Page,
  PolicyRulePatch,
  PushManifest,
  RepositorySummary,
  StoredAuditEvent,
  StoredPolicyRule,
  TagRecord,
  UnsummarizedManifest,
  Versions,
} from './records.ts';
export type { UploadQuota, UploadRecord } from './upload-records.ts';

/**
 * Where facts live. Every method is a whole operation: one transaction, a pure function of its arguments, safe to
 * retry, with its audit event inside. Nothing outside this package knows SQL. Every implementation must pass
 * `describeMetadataStore` in `@mcr/db/testing`.
 *
 * A blob is **in** a repository when one of its manifests references it, or when the repository holds an unexpired
 * lease on it, unless it is in quarantine. Errors are `RegistryError`s with the code that each method names.
 */
export interface MetadataStore extends Inspection {
  // --- blobs -----------------------------------------------------------------------------------------------------
  /** The blob, if it is in the repository. */
  findBlob(repository: RepositoryName, digest: Digest, now: number): Promise<BlobRecord | undefined>;
  /** The blob, if only quarantine keeps it from being in the repository. */
  findQuarantinedBlob(repository: RepositoryName, digest: Digest, now: number): Promise<BlobRecord | undefined>;
  /**
   * As `findBlob`, for an answer that tells a client that it need not send the blob: the repository's lease is
   * extended to `leasedUntil` (written only when less than half of the time is left), and a pending review is put off.
   */
  claimBlob(input: {
    repository: RepositoryName;
    digest: Digest;
    leasedUntil: number;
    now: number;
  }): Promise<BlobRecord | undefined>;
  /**
   * Makes sealed bytes a blob of the repository: blob row (or the one that exists), lease, review queued, trash entry of
   * this locator withdrawn, upload row removed, `blob_uploaded`. If the digest is known under another locator, the new
   * locator goes to the trash; of a blob in quarantine, which this ends, the old one. Creates the repository when it is
   * new. Returns the record that stands.
   */
  publishBlob(
    input: Change & {
      repository: RepositoryName;
      digest: Digest;
      size: number;
      locator: string;
      uploadId?: string;
      leasedUntil: number;
      reviewAfter: number;
    },
  ): Promise<BlobRecord>;
  /**
   * Leases a blob that is in `from` to `repository` (`blob_mounted`), creating the latter when it is new. `undefined`,
   * and nothing changed, when it is not in `from`.
   */
  mountBlob(
    input: Change & {
      from: RepositoryName;
      repository: RepositoryName;
      digest: Digest;
      leasedUntil: number;
      reviewAfter: number;
    },
  ): Promise<BlobRecord | undefined>;
  /** Takes a blob out of a repository, leaving bytes to garbage collection (`blob_deleted`). `NAME_UNKNOWN`, `BLOB_UNKNOWN`. */
  deleteBlob(input: Change & { repository: RepositoryName; digest: Digest; reviewAfter: number }): Promise<void>;
  /** Whether any blob row has this locator; the check before bytes are removed. */
  isLocatorUsed(locator: string): Promise<boolean>;

  // --- uploads ---------------------------------------------------------------------------------------------------
  /**
   * Records a new upload session with offset 0, creating the repository when it is new. `TOOMANYREQUESTS`, and nothing
   * changed, when the account has as many as its quota allows.
   */
  createUpload(input: {
    id: string;
    repository: RepositoryName;
    createdBy: string;
    quota?: UploadQuota;
    now: number;
  }): Promise<UploadRecord>;
  /** Bytes that the account's uploads have recorded. */
  uploadedBytes(createdBy: string): Promise<number>;
  getUpload(id: string): Promise<UploadRecord | undefined>;
  /** Records progress if the row still has `version`; the new record, or `undefined` when another writer was faster. */
  advanceUpload(input: {
    id: string;
    version: number;
    offset: number;
    sha256AtOffset?: string;
    now: number;
  }): Promise<UploadRecord | undefined>;
  /** Whether there was one to delete. */
  deleteUpload(id: string): Promise<boolean>;
  /** Uploads untouched since `touchedBefore`, oldest first. */
  listIdleUploads(input: { touchedBefore: number; limit: number }): Promise<readonly UploadRecord[]>;

  // --- manifests and tags ------------------------------------------------------------------------------------------
  /**
   * `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`; the latter as `ManifestDamaged` when the content has another digest than the
   * manifest, which is checked whenever it is loaded, or when it is in quarantine for that.
   */
  getManifest(repository: RepositoryName, reference: Reference): Promise<ManifestContent>;
  /** As `getManifest`, without reading the content: damage shows here once the manifest is in quarantine. */
  statManifest(repository: RepositoryName, reference: Reference): Promise<ManifestRecord>;
  /**
   * Stores a manifest and moves the tags to it (`manifest_pushed`). Blobs of a manifest that loses its last tag are
   * queued for review. Idempotent. `MANIFEST_BLOB_UNKNOWN` with `detail` `[{ digest }, …]` when blobs are not in the
   * repository; then nothing changes, and no repository is created.
   */
  pushManifest(input: PushManifest): Promise<{ readonly created: boolean }>;
  /** Deletes a manifest and its tags (`manifest_deleted`), queueing its blobs. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
  deleteManifest(input: Change & { repository: RepositoryName; digest: Digest; reviewAfter: number }): Promise<void>;
  /** Deletes a tag and keeps its manifest (`tag_deleted`). `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
  deleteTag(input: Change & { repository: RepositoryName; tag: Tag; reviewAfter: number }): Promise<void>;
  /** `NAME_UNKNOWN`. */
  listTags(repository: RepositoryName, page: Page): Promise<readonly Tag[]>;
  /** Tags with what they point to, by name unless told. `NAME_UNKNOWN`. */
  listTagRecords(
    repository: RepositoryName,
    page: Page & { readonly order?: 'name' | 'version' },
  ): Promise<readonly TagRecord[]>;
  /**
   * Tags in the order asked for, with what a list of images shows; `search` is a part of the name in any case. After the first page
   * `after` is a name, or `updatedAt` and name with a space between. `NAME_UNKNOWN`.
   */
  listTagDetails(
    repository: RepositoryName,
    page: Page & { readonly search?: string; readonly order?: TagOrder },
  ): Promise<readonly TagDetails[]>;
  /** As `getManifest`. Content in lists is not checked; children and referrers in quarantine are left out. */
  inspectManifest(repository: RepositoryName, reference: Reference): Promise<ManifestDetails>;
  /** `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
  planTagDeletion(deletion: TagDeletion): Promise<TagDeletionPlan>;
  /**
   * Deletes the tags, and manifests as planned (`tag_deleted` and `manifest_deleted` for each), if the plan is still
   * `plan`; else `CONFLICT`, and nothing changes. `undefined` when the tags are gone because this very plan was carried
   * out before. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`.
   */
  deleteTags(input: Change & TagDeletion & { plan: string; reviewAfter: number }): Promise<TagDeletionPlan | undefined>;
  /** Manifests of a repository in order of digest. `NAME_UNKNOWN`. */
  listManifests(repository: RepositoryName, page: Page): Promise<readonly ManifestRecord[]>;
  /**
   * Manifests whose subject is `subject`, in order of digest; empty for an unknown repository. Fewer than the page has
   * room for, but one at least, where all that is read of them has more than `maxBytes`: annotations, or content where
   * those are not kept. Those in quarantine are left out; the content of the others is not checked.
   */
  listReferrers(
    repository: RepositoryName,
    subject: Digest,
    page: Page & { artifactType?: string; maxBytes?: number },
  ): Promise<readonly ListedManifest[]>;
  /**
   * Manifests whose summary is not complete, in order of id, at most `limit` and about `maxBytes` of content, one at
   * least. Those in quarantine and of deleted repositories are passed over. `next` is the cursor to go on after, absent
   * when nothing is left.
   */
  listUnsummarized(page: Page<number> & { maxBytes: number }): Promise<{
    readonly manifests: readonly UnsummarizedManifest[];
    readonly next?: number;
  }>;
  /** Keeps summaries of manifests that still are there, all in one transaction; an unknown platform replaces no known one. */
  keepSummaries(
    summaries: readonly { readonly id: number; readonly digest: Digest; readonly summary: ManifestSummary }[],
  ): Promise<void>;

  // --- repositories ------------------------------------------------------------------------------------------------
  listRepositories(page: Page): Promise<readonly RepositoryName[]>;
  /** By a figure, `after` is the figure and the name with a space between. */
  listRepositorySummaries(
    page: Page & { search?: string; order?: RepositoryOrder },
  ): Promise<readonly RepositorySummary[]>;
  /** `NAME_UNKNOWN`. */
  repositoryUsage(repository: RepositoryName): Promise<RepositoryUsage>;
  /** Bytes that all repositories hold, each counted for itself: what blobs would take if none were shared. */
  referencedBytes(): Promise<number>;
  /** `NAME_UNKNOWN`. */
  getRepositorySummary(repository: RepositoryName): Promise<RepositorySummary>;
  /** Says what a repository is for; an empty text says nothing (`repo_updated`). `NAME_UNKNOWN`. */
  updateRepository(input: Change & { repository: RepositoryName; description: string }): Promise<RepositorySummary>;
  /**
   * Deletes a repository with all that is in it, queueing its blobs (`repo_deleted`). At once nothing finds it any more,
   * nothing counts it, and its name is free; what is left beyond about `limit` rows, 500 unless told, `removeDeleted`
   * removes. `NAME_UNKNOWN`.
   */
  deleteRepository(input: Change & { repository: RepositoryName; reviewAfter: number; limit?: number }): Promise<void>;
  /**
   * Removes at most about `limit` rows of deleted repositories, in one transaction, queueing their blobs; 0 when none are
   * left. Until then, their blobs are referenced, and count as shared.
   */
  removeDeleted(input: { reviewAfter: number; limit: number }): Promise<{ readonly removed: number }>;

  // --- policy ------------------------------------------------------------------------------------------------------
  /** Stored rules by priority, then id; a page begins after this place, whether a rule is there or not. */
  listPolicyRules(page?: {
    after?: Pick<StoredPolicyRule, 'priority' | 'id'>;
    limit: number;
  }): Promise<readonly StoredPolicyRule[]>;
  getPolicyRule(id: number): Promise<StoredPolicyRule | undefined>;
  /** `policy_rule_created`. */
  createPolicyRule(input: Change & { rule: NewPolicyRule }): Promise<StoredPolicyRule>;
  /** `policy_rule_updated`; `undefined` when there is no such rule. */
  updatePolicyRule(input: Change & { id: number; patch: PolicyRulePatch }): Promise<StoredPolicyRule | undefined>;
  /** `policy_rule_deleted`; whether there was one. */
  deletePolicyRule(input: Change & { id: number }): Promise<boolean>;

  // --- audit -------------------------------------------------------------------------------------------------------
  /** Writes events that belong to no other change, all or none. */
  appendAuditEvents(events: readonly AuditEvent[]): Promise<void>;
  /** Newest first. */
  listAuditEvents(filter: AuditFilter): Promise<readonly StoredAuditEvent[]>;
  /**
   * Events from before `before`, oldest first, after the place of another in that order. Deletions of blobs are left
   * out: fsck asks the log about them for as long as there are manifests.
   */
  listExpiredAuditEvents(input: {
    before: number;
    after?: Pick<StoredAuditEvent, 'at' | 'id'>;
    limit: number;
  }): Promise<readonly StoredAuditEvent[]>;
  /** Deletes events that were written to `file` (`audit_exported` in the same transaction). */
  deleteAuditEvents(input: Change & { ids: readonly number[]; file: string }): Promise<void>;
  /** Id of the actor whose events had this name last. */
  findActorId(name: string): Promise<string | undefined>;
  /** Events by day and type, from a day on, oldest first. */
  activity(input: { sinceDay: number }): Promise<readonly ActivityCount[]>;

  // --- accounts ----------------------------------------------------------------------------------------------------
  /** `account_created`. `CONFLICT` when the name is taken. */
  createAccount(input: Change & { account: NewAccount }): Promise<Account>;
  findAccountByName(username: string): Promise<Account | undefined>;
  findAccountById(id: string): Promise<Account | undefined>;
  /** By name. */
  listAccounts(page: Page): Promise<readonly Account[]>;
  /**
   * `account_updated`; `undefined` when there is no such account. `CONFLICT` when no enabled account with the role `admin`
   * would be left, unless `evenLastAdmin`.
   */
  updateAccount(
    input: Change & { id: string; patch: AccountPatch; evenLastAdmin?: boolean },
  ): Promise<Account | undefined>;
  /** `account_deleted`; whether there was one. `CONFLICT` as for an update. */
  deleteAccount(input: Change & { id: string; evenLastAdmin?: boolean }): Promise<boolean>;
  /** Marks a token as revoked until it would have expired anyway, and forgets those that have. */
  revokeToken(input: { tokenId: string; expiresAt: number; now: number }): Promise<void>;
  isTokenRevoked(tokenId: string): Promise<boolean>;
  versions(): Promise<Versions>;

  // --- garbage collection ------------------------------------------------------------------------------------------
  /**
   * Reviews at most `limit` queue entries that are due, in one transaction: expired leases go; a referenced blob leaves
   * the queue; one with a live lease is queued again for its end; of any other the row goes and the locator is trashed.
   */
  reviewGarbage(input: { now: number; limit: number }): Promise<ReviewResult>;
  /** What garbage collection is going to remove, as of now. */
  pendingGarbage(): Promise<PendingGarbage>;
  /** Trash in order of locator. */
  listTrash(page: Page): Promise<readonly TrashEntry[]>;
  /** Forgets entries whose bytes are gone, all in one transaction. */
  dropTrash(...locators: string[]): Promise<void>;
  /** Counts a failed attempt to remove the bytes. */
  failTrash(locator: string): Promise<void>;
  /**
   * Reconcile, one slice of blobs in order of locator: queues each that nothing references and nobody queued. Returns
   * the slice, for comparing with the store's own list.
   */
  auditBlobs(input: { page: Page; reviewAfter: number; now: number }): Promise<readonly AuditedBlob[]>;
  /** `gc_started` in the same transaction. */
  startGcRun(input: Change & { id: string; reconcile: boolean; trigger: GcRun['trigger'] }): Promise<GcRun>;
  updateGcRun(id: string, progress: Partial<Omit<GcRun, 'id' | 'state'>>): Promise<void>;
  /** `gc_completed` in the same transaction. */
  finishGcRun(input: Change & { id: string; state: 'completed' | 'failed'; error?: string }): Promise<GcRun>;
  /** Newest first. */
  listGcRuns(page: { before?: string; limit: number }): Promise<readonly GcRun[]>;

  // --- leases and operation ----------------------------------------------------------------------------------------
  /** Takes or renews the lease; `undefined` while somebody else holds it. */
  acquireLease(input: { name: string; owner: string; until: number; now: number }): Promise<Lease | undefined>;
  releaseLease(input: { name: string; owner: string }): Promise<void>;
  /** Takes away every lease of any owner but this one: only for the process that owns the store alone. */
  takeOverLeases(owner: string): Promise<void>;
  /** Id of the store that has the bytes of the blobs; `undefined` until it was set. */
  blobStoreId(): Promise<string | undefined>;
  setBlobStoreId(id: string): Promise<void>;
  statistics(): Promise<StoreStatistics>;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  /** Writes a consistent copy to `destination`, checked for integrity and mode 0600, while the store stays in use. */
  snapshot(destination: string): Promise<{ readonly size: number }>;
  close(): Promise<void>;
}
