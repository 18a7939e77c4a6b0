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
  /** Counts changes; `advanceUpload` compares and swaps on it. */
  readonly version: number;
  readonly touchedAt: number;
}

/** How many uploads an account may have open. */
export interface UploadQuota {
  readonly uploads: number;
  /** Uploads that were touched before are abandoned, and do not count. */
  readonly touchedSince: number;
}
