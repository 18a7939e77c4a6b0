import type { Digest } from '@mcr/core';
import type { Chunks } from './chunks.ts';

/** Where a sealed blob lies. Opaque and write-once; the metadata store maps digests to locators. */
export type Locator = string;

/** Bytes of an upload that one or more appends made durable. Bytes 0 to `size` of its object never change. */
export interface UploadPiece {
  readonly locator: Locator;
  /** Bytes. */
  readonly size: number;
}

/** What an append made durable. */
export interface AppendResult {
  /** The piece with the new bytes, which may be `after`, extended; absent when there are none. */
  readonly piece?: UploadPiece;
  /** Set when the source broke off. */
  readonly error?: unknown;
}

/** How an append goes on where others ended, and what it keeps. */
export interface AppendOptions {
  /** The last piece of the upload, as it is on record: a store that can writes on behind it. */
  readonly after?: UploadPiece;
  /** Whether bytes that came before this error of the source are kept; by default all are. */
  readonly keeps?: (error: unknown) => boolean;
  /** SHA-256 of all bytes that the source has yielded so far, in hex; spares a store that needs it from computing it again. */
  readonly sha256?: () => string | undefined;
  /** Called with chunks of the source that the store is done with. They need not stay as they are then. */
  readonly release?: (chunks: readonly Uint8Array[]) => void;
}

/** A piece as `listPieces` finds it. */
export interface StoredPiece extends UploadPiece {
  /** When it was last written, milliseconds since the epoch. */
  readonly touchedAt: number;
}

/** Bytes `start` to `end` of a blob, both inclusive. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** How a blob is opened. */
export interface OpenOptions {
  /** Called when its bytes cannot be read later on, in the middle of a stream, which then fails. */
  readonly onFailure?: (error: unknown) => void;
  /** What will be read, by default everything: a store behind a network asks for these bytes when it opens the blob. */
  readonly span?: ByteSpan;
}

/** A span of a blob, and bytes that go before it. */
export interface BlobPart extends ByteSpan {
  readonly ahead: Uint8Array;
}

/** Where a seal put a blob. */
export interface SealedBlob {
  readonly locator: Locator;
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
 * Where bytes live. Appends make immutable pieces of an upload; sealing makes of pieces a blob, readable under a locator
 * of its own. No name is used twice, so several processes need no lock between them. Authorization and bookkeeping happen
 * above. Every implementation must pass `describeBlobStore` in `@mcr/storage/testing`.
 */
export interface BlobStore {
  /** Id of this store, as it was when the store was opened or adopted; `undefined` when it has none. */
  readonly id: string | undefined;

  /**
   * Whether an append may go on with the upload's last piece. Where not, chunks are pieces of their own, and `seal`, which
   * puts them together, hashes them whatever is known of them.
   */
  readonly extendsPieces: boolean;

  /**
   * Gives the store an id, a UUID, unless it has one by now; resolves with the one that it has, once that is durable. Of
   * processes that do this at the same time, all get the same. From then on writes, `check`, and `open` of what is not
   * there throw `UNAVAILABLE` while something else lies in the place of the store, such as an unmounted disk's directory.
   */
  adopt(id: string): Promise<string>;

  /**
   * Writes `source` as a piece of the upload, a UUID. Resolves with what is durable, also when the source fails midway;
   * nothing is left of bytes that `keeps` rejects. Throws a `TypeError` for an id that is no UUID in lower case.
   */
  append(upload: string, source: AsyncIterable<Chunks>, options?: AppendOptions): Promise<AppendResult>;

  /** The bytes of pieces, one after the other. Throws `UploadMissing` when one is gone, or shorter than its size. */
  read(pieces: readonly UploadPiece[]): AsyncIterable<Uint8Array>;

  /** How many bytes a piece has, at least those on record unless it is damaged; `undefined` when it is not there. */
  pieceSize(locator: Locator): Promise<number | undefined>;

  /**
   * Makes of pieces, which must have `size` bytes in all, an immutable blob under a new locator, durable before it
   * resolves. The pieces stay until they are removed; a store may make the only piece the blob, whose locator is that of
   * the piece then. Bytes are compared with the digest unless they are `verified`, and
   * in any case where pieces are put together. Throws `UploadMissing`, `DigestMismatch`, and `DIGEST_INVALID`.
   */
  seal(
    pieces: readonly UploadPiece[],
    digest: Digest,
    size: number,
    options?: { readonly verified?: boolean },
  ): Promise<SealedBlob>;

  /** The digest that a locator of a blob was made of, where the store makes locators of digests. */
  digestOf(locator: Locator): Digest | undefined;

  /** Opens a blob. Throws `BlobMissing` when it is not there, or when its size is not `expectedSize`. */
  open(locator: Locator, expectedSize: number, options?: OpenOptions): Promise<OpenBlob>;

  /**
   * All bytes of a small blob, where they are had without waiting; `undefined` for any other, and wherever `open` would throw.
   * They are in `room` if it is longer than they are, for a caller that is done with them before it reads the next ones. Absent in
   * a store behind a network.
   */
  readAtOnce?(locator: Locator, expectedSize: number, room?: Buffer): Uint8Array | undefined;

  /**
   * A URL at which any client may GET a blob for `ttl` milliseconds, with ranges; `undefined` where the store has none. Does
   * not look whether the blob is there.
   */
  url(locator: Locator, options: { readonly ttl: number; readonly contentType: string }): Promise<string | undefined>;

  /** Removes a blob or a piece. Idempotent. */
  remove(locator: Locator): Promise<void>;

  /** All blobs, and pieces that are not in `listPieces`, in bytewise order of locator, after `after` when given; loads them in slices. */
  list(after?: Locator): AsyncIterable<StoredBlob>;

  /** All pieces, in no order; none where they are in `list`, since a piece may become a blob where it lies. */
  listPieces(): AsyncIterable<StoredPiece>;

  /** Gives up what was begun before, milliseconds since the epoch, and is no piece yet; resolves with the number. */
  abortUnfinished(startedBefore: number): Promise<number>;

  /** Throws when the store cannot take and give bytes now. */
  check(): Promise<void>;

  /** Waits for the writes under way and releases the store, so that another process may own it. */
  close(): Promise<void>;
}
