export type { AppendResult, BlobStore, ByteSpan, Locator, OpenBlob, StoredBlob } from './blob-store.ts';
export { DiskBlobStore, type DiskBlobStoreOptions } from './disk/disk-blob-store.ts';
export { BlobMissing, StoreLocked, UploadMissing } from './errors.ts';
