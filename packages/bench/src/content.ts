import { createHash, randomBytes } from 'node:crypto';
import type { Digest } from '@mcr/core';

/** Large content is this block over and over, after a head that makes it unique: nothing here should cost client time. */
const block = randomBytes(1 << 20);

/** Bytes that no registry has seen before. */
export interface Content {
  readonly digest: Digest;
  readonly size: number;
  readonly chunks: readonly Uint8Array[];
}

/** Makes unique content of `size` bytes. */
export function uniqueContent(size: number): Content {
  const head = randomBytes(Math.min(32, size));
  const chunks: Uint8Array[] = [head];
  for (let left = size - head.length; left > 0; left -= block.length) chunks.push(block.subarray(0, left));
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return { digest: `sha256:${hash.digest('hex')}` as Digest, size, chunks };
}
