import type { Digest } from '@mcr/core';

/** Where a sealed blob lies. Opaque and write-once; the metadata store maps digests to locators. */
export type Locator = string;

/** What an append made durable. */
export interface AppendResult {
  /** Bytes of the upload that are durable now, counted from its start. */
  readonly size: number;
  /** Set when the source broke off: everything up to `size` is kept all the same. */
  readonly error?: unknown;
}

/** Bytes `start` to `end` of a blob, both inclusive. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** A span of a blob, and bytes that go before it. */
export interface BlobPart extends ByteSpan {
  readonly ahead: Uint8Array;
}

/** Where a seal put a blob. */
export interface SealedBlob {
  readonly locator: Locator;
  /** Whether nothing was there before. */
  readonly isNew: boolean;
}

/** A sealed blob as `list` finds it. */
export interface StoredBlob {
  readonly locator: Locator;
  readonly size: number;
  /** When the bytes were sealed, milliseconds since the epoch. */
  readonly sealedAt: number;
}

/** Takes a piece of a blob, and resolves when it is done with it. */
export type TakePiece = (piece: Uint8Array) => Promise<void>;

/** A blob opened for reading. Exactly one of `pipe`, `pipeParts`, `stream` and `close` must be called. */
export interface OpenBlob {
  /** Size of the whole blob in bytes. */
  readonly size: number;
  /**
   * Gives the span (default: everything) to `take`, piece after piece; closes the blob at the end and on error. A piece
   * is good only until `take` resolves: then its memory is used again. Rejects as reading does, or as `take` does.
   */
  pipe(take: TakePiece, span?: ByteSpan): Promise<void>;
  /** The same for several spans, in this order; what goes ahead of a span is given to `take` as a piece of its own. */
  pipeParts(take: TakePiece, parts: readonly BlobPart[]): Promise<void>;
  /** Streams the span (default: everything); closes the blob at the end, on error, and on cancel. */
  stream(span?: ByteSpan): ReadableStream<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Where bytes live. Uploads are named by the caller (a UUID) and appended to; sealing makes of one a blob,
 * immutable and readable under a locator. Hashing, authorization and bookkeeping happen above. Every implementation must
 * pass `describeBlobStore` in `@mcr/storage/testing`.
 */
export interface BlobStore {
  /** Id of this store, as it was when the store was opened or adopted; `undefined` when it has none. */
  readonly id: string | undefined;

  /**
   * Gives the store an id, a UUID, durable before it resolves. From then on writes, `check`, and `open` of what is not
   * there throw `UNAVAILABLE` while something else lies in the place of the store, such as an unmounted disk's directory.
   */
  adopt(id: string): Promise<void>;

  /** Begins an empty upload. */
  createUpload(id: string): Promise<void>;

  /**
   * Writes `source` at `offset`, after cutting away whatever lies beyond it. Resolves with what is durable, also when
   * the source fails midway. Throws `UploadMissing` when there is no such upload or it is shorter than `offset`.
   */
  append(id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<AppendResult>;

  /** Durable size of an upload in bytes; `undefined` when there is none. */
  uploadSize(id: string): Promise<number | undefined>;

  /** The first `size` bytes of an upload, for hashing them again. Throws `UploadMissing`. */
  readUpload(id: string, size: number): AsyncIterable<Uint8Array>;

  /**
   * Makes the upload, which must hold exactly `size` bytes, an immutable blob, durable before it resolves. It takes the
   * place of a blob that is there already, whose bytes may be damaged; a reader that has it open goes on reading it. The
   * upload keeps its bytes until it is discarded: it may be sealed again, and no append to it changes the blob.
   * The caller has verified the bytes and holds the digest's lock. Throws `UploadMissing`.
   */
  seal(id: string, digest: Digest, size: number): Promise<SealedBlob>;

  /** Forgets an upload and its bytes. Idempotent. */
  discardUpload(id: string): Promise<void>;

  /** The digest whose lock guards a locator, where the store makes locators of digests. */
  digestOf(locator: Locator): Digest | undefined;

  /**
   * Opens a blob. Throws `BlobMissing` when it is not there, or when its size is not `expectedSize`. `onFailure` is called
   * when its bytes cannot be read later on, in the middle of a stream, which then fails.
   */
  open(locator: Locator, expectedSize: number, onFailure?: (error: unknown) => void): Promise<OpenBlob>;

  /** Removes a blob's bytes. Idempotent. The caller holds the digest's lock. */
  remove(locator: Locator): Promise<void>;

  /** All blobs in bytewise order of locator, after `after` when given; loads them in slices. */
  list(after?: Locator): AsyncIterable<StoredBlob>;

  /** Ids of all uploads that have bytes, with the time of the last write. */
  listUploads(): AsyncIterable<{ readonly id: string; readonly touchedAt: number }>;

  /** Throws when the store cannot take and give bytes now. */
  check(): Promise<void>;

  /** Releases the store, so that another process may own it. */
  close(): Promise<void>;
}
