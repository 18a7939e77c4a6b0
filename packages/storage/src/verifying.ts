import { createHash } from 'node:crypto';
import { type Digest, digestAlgorithm, digestFromHex } from '@mcr/core';
import { DigestMismatch } from './errors.ts';

/** The same bytes. Throws `DigestMismatch` at their end when they have another digest. */
export async function* verifying(
  source: AsyncIterable<Uint8Array>,
  digest: Digest,
): AsyncGenerator<Uint8Array, void, void> {
  const algorithm = digestAlgorithm(digest);
  const hash = createHash(algorithm);
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  const actual = digestFromHex(algorithm, hash.digest('hex'));
  if (actual !== digest) throw new DigestMismatch(actual);
}
