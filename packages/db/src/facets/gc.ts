import type { AuditedBlob } from './blobs.ts';
import type { Change, Page } from './shared.ts';

export interface ReviewResult {
  /** Queue entries looked at. */
  readonly reviewed: number;
  readonly blobsRemoved: number;
  readonly bytesFreed: number;
  readonly linksExpired: number;
}

/** What waits for garbage collection: blobs that no manifest references, and bytes that no blob has any more. */
export interface PendingGarbage {
  readonly blobs: number;
  readonly bytes: number;
  /** When the first and the last of the blobs may go; absent while no blob is under review. A lease may put it off. */
  readonly firstDueAt?: number;
  readonly lastDueAt?: number;
}

export interface TrashEntry {
  readonly locator: string;
  readonly size: number;
  readonly attempts: number;
  /** What the bytes were: of a blob, of none, or of an upload. */
  readonly kind: 'blob' | 'orphan' | 'piece';
}

export interface GcRun {
  readonly id: string;
  readonly reconcile: boolean;
  readonly trigger: 'schedule' | 'api';
  readonly state: 'running' | 'completed' | 'failed';
  readonly startedAt: number;
  readonly completedAt?: number;
  readonly blobsRemoved: number;
  readonly bytesFreed: number;
  readonly uploadsRemoved: number;
  /** Queue entries and blobs looked at so far. */
  readonly examined: number;
  /** Reconcile only: files without a row that were removed, and rows without a file that were found. */
  readonly orphansRemoved: number;
  readonly missingFiles: number;
  readonly error?: string;
}

/** What garbage collection reviews and removes, and the record of its runs. */
export interface GarbageCollection {
  /**
   * Reviews at most `limit` queue entries that are due, in one transaction: expired leases go; a referenced blob leaves
   * the queue; one with a live lease is queued again for its end; of any other the row goes and the locator is trashed.
   */
  review(input: { now: number; limit: number }): Promise<ReviewResult>;
  /** What garbage collection is going to remove, as of now. */
  pending(): Promise<PendingGarbage>;
  /** Trash in order of locator; with `trashedBefore`, what was trashed then or earlier. */
  listTrash(page: Page & { trashedBefore?: number }): Promise<readonly TrashEntry[]>;
  /**
   * Leaves bytes to the trash that no row knows. From now on, and for a month after they are gone, their locator cannot be
   * put on record. `false`, and nothing changed, when a blob or an upload has them or they are trash already.
   */
  sweep(input: { locator: string; size: number; kind: TrashEntry['kind']; now: number }): Promise<boolean>;
  /** Forgets entries whose bytes are gone, all in one transaction. */
  dropTrash(...locators: string[]): Promise<void>;
  /** Counts a failed attempt to remove the bytes. */
  failTrash(locator: string): Promise<void>;
  /**
   * Reconcile, one slice of blobs in order of locator: queues each that is neither referenced nor queued. Returns
   * the slice, for comparing with the store's own list.
   */
  auditBlobs(input: { page: Page; reviewAfter: number; now: number }): Promise<readonly AuditedBlob[]>;
  /** `gc_started` in the same transaction. */
  startRun(input: Change & { id: string; reconcile: boolean; trigger: GcRun['trigger'] }): Promise<GcRun>;
  updateRun(id: string, progress: Partial<Omit<GcRun, 'id' | 'state'>>): Promise<void>;
  /**
   * `gc_completed` in the same transaction, in which the lease is released, too, if one is given: a client that sees
   * that the run has ended may start the next one.
   */
  finishRun(
    input: Change & {
      id: string;
      state: 'completed' | 'failed';
      error?: string;
      lease?: { name: string; owner: string };
    },
  ): Promise<GcRun>;
  /** Newest first. */
  listRuns(page: { before?: string; limit: number }): Promise<readonly GcRun[]>;
}
