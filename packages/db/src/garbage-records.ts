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

export interface StoreStatistics {
  readonly repositories: number;
  readonly manifests: number;
  readonly tags: number;
  readonly blobs: number;
  /** Bytes of all blobs, each counted once. */
  readonly blobBytes: number;
  readonly uploads: number;
}
