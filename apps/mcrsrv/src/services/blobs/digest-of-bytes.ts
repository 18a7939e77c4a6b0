import { createHash } from 'node:crypto';
import { type Digest, digestAlgorithm, digestFromHex } from '@mcr/core';
import type { BlobRecord } from '@mcr/db';
import type { BlobStore } from '@mcr/storage';

/** Computes the digest of a blob's bytes, by its own algorithm. `onBytes` hears of each part. Throws what reading throws. */
export async function digestOfBytes(
  blobs: Pick<BlobStore, 'open'>,
  { digest, locator, size }: BlobRecord,
  onBytes: (count: number) => void = () => {},
): Promise<Digest> {
  const algorithm = digestAlgorithm(digest);
  const hash = createHash(algorithm);
  const content = await blobs.open(locator, size);
  for await (const chunk of content.stream()) {
    hash.update(chunk);
    onBytes(chunk.byteLength);
  }
  return digestFromHex(algorithm, hash.digest('hex'));
}
