import type { BlobStore } from '@mcr/storage';
import { type Access, rejectWrites } from './reject-writes.ts';

const methods = {
  adopt: 'write',
  append: 'write',
  read: 'read',
  pieceSize: 'read',
  seal: 'write',
  digestOf: 'read',
  open: 'read',
  readAtOnce: 'read',
  remove: 'write',
  list: 'read',
  listPieces: 'read',
  abortUnfinished: 'write',
  url: 'read',
  check: 'read',
  close: 'read',
} satisfies Readonly<Record<Exclude<keyof BlobStore, 'id' | 'extendsPieces'>, Access>>;

/** The same store of bytes, which takes and removes none: changes are rejected as `UNAVAILABLE`. */
export function readOnlyBlobs(blobs: BlobStore): BlobStore {
  return rejectWrites(blobs, methods);
}
