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

/** An image as it was pushed. */
export interface Image {
  readonly repository: string;
  readonly tag: string;
  /** Config and layers. */
  readonly blobs: readonly Content[];
  readonly manifest: Content;
}

/** Makes unique content of `size` bytes. */
export function uniqueContent(size: number): Content {
  const head = randomBytes(Math.min(32, size));
  const chunks: Uint8Array[] = [head];
  for (let left = size - head.length; left > 0; left -= block.length) chunks.push(block.subarray(0, left));
  return { digest: digestOf(chunks), size, chunks };
}

/** The bytes of a text. */
export function textContent(text: string): Content {
  const bytes = Buffer.from(text);
  return { digest: digestOf([bytes]), size: bytes.length, chunks: [bytes] };
}

/** The same chunks in groups of `size` bytes, the last one smaller; nothing is copied. */
export function cut(chunks: readonly Uint8Array[], size: number): readonly (readonly Uint8Array[])[] {
  const groups: Uint8Array[][] = [];
  let room = 0;
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      if (room === 0) {
        groups.push([]);
        room = size;
      }
      const part = chunk.subarray(at, at + room);
      groups.at(-1)!.push(part);
      at += part.length;
      room -= part.length;
    }
  }
  return groups;
}

function digestOf(chunks: readonly Uint8Array[]): Digest {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return `sha256:${hash.digest('hex')}` as Digest;
}
