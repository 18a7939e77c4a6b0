export type { BlobInspector, BlobState } from './blob-inspector.ts';
export type {
  AppendOptions,
  AppendResult,
  BlobStore,
  ByteSpan,
  Locator,
  OpenBlob,
  OpenOptions,
  SealedBlob,
  StoredBlob,
  StoredPiece,
  UploadPiece,
} from './blob-store.ts';
export { type Chunks, chunksOf } from './chunks.ts';
export { DiskBlobInspector } from './disk/disk-blob-inspector.ts';
export { DiskBlobStore, type DiskBlobStoreOptions } from './disk/disk-blob-store.ts';
export { isOwned, isOwnedAlone, lockOwner } from './disk/owner-lock.ts';
export { BlobMissing, DigestMismatch, StoreLocked, UploadMissing } from './errors.ts';
export {
  type CredentialsSource,
  chainCredentials,
  environmentCredentials,
  fileCredentials,
} from './s3/client/credentials.ts';
export { S3Figures } from './s3/client/figures.ts';
export { type BucketProblem, examineBucket } from './s3/examine-bucket.ts';
export { S3BlobInspector } from './s3/s3-blob-inspector.ts';
export { S3BlobStore, type S3BlobStoreOptions } from './s3/s3-blob-store.ts';
