import type { AuditEvent, AuditEventType, Digest, Tag } from '@mcr/core';
import type { Change, PrefixSearch } from './shared.ts';

export interface StoredAuditEvent extends AuditEvent {
  readonly id: number;
}

export interface AuditFilter {
  readonly type?: AuditEventType;
  readonly actorId?: string;
  readonly repository?: string;
  /** Any of these; not together with `repository`. What it costs grows with their number. */
  readonly repositories?: readonly string[];
  /** A tag that they name, or were made by, of `repository`. */
  readonly tag?: Tag;
  /** The manifest or blob that they are about. */
  readonly digest?: Digest;
  /** Inclusive. */
  readonly since?: number;
  /** Exclusive. */
  readonly until?: number;
  /** Only events with a smaller id: newest first, page by page. */
  readonly before?: number;
  readonly offset?: number;
  readonly limit: number;
}

/** A day's events of a type. */
export interface ActivityCount {
  /** Days since the epoch, in UTC. */
  readonly day: number;
  readonly type: AuditEventType;
  readonly n: number;
}

/**
 * What happened, by whom and when. Events of a change are written by the change itself, in its transaction. Ids page a list,
 * newest first; they are no cursor for what is new, since a store with several writers may assign them out of the order of
 * commits.
 */
export interface AuditLog {
  /** Writes events that belong to no other change, all or none. */
  append(events: readonly AuditEvent[]): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter): Promise<readonly StoredAuditEvent[]>;
  /**
   * Events from before `before`, oldest first, after the place of another in that order. Deletions of blobs are left
   * out: fsck asks the log about them for as long as there are manifests.
   */
  listExpired(input: {
    before: number;
    after?: Pick<StoredAuditEvent, 'at' | 'id'>;
    limit: number;
  }): Promise<readonly StoredAuditEvent[]>;
  /** Deletes events that were written to `file` (`audit_exported` in the same transaction). */
  delete(input: Change & { ids: readonly number[]; file: string }): Promise<void>;
  /** Repositories that begin with a prefix and that events name, in bytewise order, whether they still exist or not. */
  repositories(input: PrefixSearch): Promise<readonly string[]>;
  /** Id of the actor whose events had this name last. */
  findActorId(name: string): Promise<string | undefined>;
  /** Events by day and type, from a day on, oldest first. */
  activity(input: { sinceDay: number }): Promise<readonly ActivityCount[]>;
}
