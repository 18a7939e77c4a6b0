import type { RepositoryName } from '@mcr/core';

/** An upload session. */
export interface UploadRecord {
  readonly id: string;
  readonly repository: RepositoryName;
  /** UUID of the account that began it. */
  readonly createdBy: string;
  readonly offset: number;
  /** Hex sha256 of the bytes up to `offset`; absent when it must be computed from the bytes. */
  readonly sha256AtOffset?: string;
  /** Counts changes; `advance` compares and swaps on it. */
  readonly version: number;
  readonly touchedAt: number;
}

/** How many uploads an account may have open. */
export interface UploadQuota {
  readonly uploads: number;
  /** Uploads that were touched before are abandoned, and do not count. */
  readonly touchedSince: number;
}

/** Upload sessions: what was received so far of a blob that is still on its way. */
export interface Uploads {
  /**
   * Records a new upload session with offset 0, creating the repository when it is new. `TOOMANYREQUESTS`, and nothing
   * changed, when the account has as many as its quota allows.
   */
  create(input: {
    id: string;
    repository: RepositoryName;
    createdBy: string;
    quota?: UploadQuota;
    now: number;
  }): Promise<UploadRecord>;
  /** Bytes that the account's uploads have recorded. */
  recordedBytes(createdBy: string): Promise<number>;
  get(id: string): Promise<UploadRecord | undefined>;
  /** Records progress if the row still has `version`; the new record, or `undefined` when another writer was faster. */
  advance(input: {
    id: string;
    version: number;
    offset: number;
    sha256AtOffset?: string;
    now: number;
  }): Promise<UploadRecord | undefined>;
  /** Whether there was one to delete. */
  delete(id: string): Promise<boolean>;
  /** Uploads untouched since `touchedBefore`, oldest first. */
  listIdle(input: { touchedBefore: number; limit: number }): Promise<readonly UploadRecord[]>;
}
