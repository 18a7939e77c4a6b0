import type { RepositoryName } from '@mcr/core';

/** Bytes of an upload, as the blob store has them. */
export interface UploadPieceRecord {
  readonly locator: string;
  readonly size: number;
}

/** The piece of an upload that was recorded last. */
export interface LastPiece extends UploadPieceRecord {
  /** How many pieces precede it. */
  readonly position: number;
}

/** An upload session. */
export interface UploadRecord {
  readonly id: string;
  readonly repository: RepositoryName;
  /** UUID of the account that began it. */
  readonly createdBy: string;
  readonly offset: number;
  /** Hex sha256 of the bytes up to `offset`; absent when it must be computed from the bytes. */
  readonly sha256AtOffset?: string;
  /** Counts changes; every change of an upload compares and swaps on it. */
  readonly version: number;
  readonly touchedAt: number;
  /** Absent while there are no bytes. */
  readonly last?: LastPiece;
}

/** One state of an upload. */
export type UploadVersion = Pick<UploadRecord, 'id' | 'version'>;

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
   * changed, when the account has as many as its quota allows. A power failure may undo it until bytes of it are recorded.
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
  /** All pieces of an upload, in order; `undefined` when another writer has changed it since. */
  pieces(version: UploadVersion): Promise<readonly UploadPieceRecord[] | undefined>;
  /**
   * Records progress if the row still has `version`; the new record, or `undefined` when another writer was faster.
   * `piece` has the new bytes: the last piece, extended, or one that follows it. `UNAVAILABLE` when it is trash, or was.
   */
  advance(
    input: UploadVersion & {
      offset: number;
      piece?: UploadPieceRecord;
      sha256AtOffset?: string;
      now: number;
    },
  ): Promise<UploadRecord | undefined>;
  /** Forgets what an upload has beyond `offset`, and leaves pieces to garbage collection; otherwise as `advance`. */
  cutBack(input: UploadVersion & { offset: number; now: number }): Promise<UploadRecord | undefined>;
  /** Says that bytes of an upload are coming, so that it is not idle; whether it is there. Changes no version. */
  touch(input: { id: string; now: number }): Promise<boolean>;
  /**
   * Ends an upload, whatever its version if none is given; the pieces that it had, whose bytes the caller removes.
   * `undefined`, and nothing changed, when there is none of this version.
   */
  delete(input: { id: string; version?: number }): Promise<readonly UploadPieceRecord[] | undefined>;
  /** Ends uploads untouched since `touchedBefore`, and leaves their pieces to garbage collection; how many there were. */
  reap(input: { touchedBefore: number; limit: number; now: number }): Promise<number>;
}
