export type { BlobInspector, BlobState } from './blob-inspector.ts';
export type {
  AppendOptions,
  AppendResult,
  BlobStore,
  ByteSpan,
  Locator,
  OpenBlob,
  SealedBlob,
  StoredBlob,
  StoredPiece,
  UploadPiece,
} from './blob-store.ts';
export { DiskBlobInspector } from './disk/disk-blob-inspector.ts';
export { DiskBlobStore, type DiskBlobStoreOptions } from './disk/disk-blob-store.ts';
export { isOwned } from './disk/owner-lock.ts';
export { BlobMissing, DigestMismatch, StoreLocked, UploadMissing } from './errors.ts';
