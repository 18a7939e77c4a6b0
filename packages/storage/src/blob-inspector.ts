import type { Digest } from '@mcr/core';
import type { Locator, OpenBlob, StoredBlob, StoredPiece } from './blob-store.ts';

/** Bytes as they lie there, with what changes whenever they are written, replaced or sealed again. */
export interface BlobState extends StoredBlob {
  readonly identity: string;
}

/**
 * Looks at the bytes of a store that another process may own and be writing to. It owns nothing and takes no lock, so
 * it never removes a blob: only the owner can do that safely. What it says may be over when it is heard.
 */
export interface BlobInspector {
  /** As `BlobStore.id`. */
  readonly id: string | undefined;
  /** As `BlobStore.list`. Throws when the store cannot be read, or is not there. */
  list(after?: Locator): AsyncIterable<StoredBlob>;
  /** `undefined` when nothing lies there. */
  stat(locator: Locator): Promise<BlobState | undefined>;
  /** Where bytes of a digest lie, where the store makes locators of digests: none, one, or copies. */
  locatorsOf(digest: Digest): Promise<readonly Locator[]>;
  /** As `BlobStore.digestOf`. */
  digestOf(locator: Locator): Digest | undefined;
  /** As `BlobStore.open`. */
  open(locator: Locator, expectedSize: number): Promise<OpenBlob>;
  /** As `BlobStore.listPieces`. */
  listPieces(): AsyncIterable<StoredPiece>;
  /** As `BlobStore.pieceSize`. */
  pieceSize(locator: Locator): Promise<number | undefined>;
}
