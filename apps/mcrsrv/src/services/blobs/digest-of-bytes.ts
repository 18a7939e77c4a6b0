import { createHash } from 'node:crypto';
import { type Digest, digestAlgorithm, digestFromHex } from '@mcr/core';
import type { BlobRecord } from '@mcr/db';
import type { BlobStore, OpenBlob } from '@mcr/storage';

/** Computes the digest of a blob's bytes, by its own algorithm. `onBytes` hears of each part. Throws what reading throws. */
export async function digestOfBytes(
  blobs: Pick<BlobStore, 'open'>,
  { digest, locator, size }: BlobRecord,
  onBytes?: (count: number) => void,
): Promise<Digest> {
  return await digestOfContent(await blobs.open(locator, size), digestAlgorithm(digest), onBytes);
}

/** The same for a blob that is open, which this closes. */
export async function digestOfContent(
  content: OpenBlob,
  algorithm: ReturnType<typeof digestAlgorithm>,
  onBytes: (count: number) => void = () => {},
): Promise<Digest> {
  const hash = createHash(algorithm);
  for await (const chunk of content.stream()) {
    hash.update(chunk);
    onBytes(chunk.byteLength);
  }
  return digestFromHex(algorithm, hash.digest('hex'));
}
