import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Digest, type DigestAlgorithm, digestOf } from '@mcr/core';

/** A blob that a test pushes: in memory, or in a file when it is too large for that. Its first three fields are its descriptor. */
export interface TestBlob {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly content: Uint8Array | { readonly path: string };
}

/** The three fields by which a manifest refers to a blob or to another manifest (image-spec descriptor.md). */
export interface TestDescriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** Makes a blob of bytes that are in memory. */
export function blobOf(
  content: Uint8Array | string,
  mediaType = 'application/octet-stream',
  algorithm: DigestAlgorithm = 'sha256',
): TestBlob {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { mediaType, digest: digestOf(bytes, algorithm), size: bytes.byteLength, content: bytes };
}

/** The blob's descriptor: media type, digest and size, nothing else. */
export function descriptorOf({ mediaType, digest, size }: TestDescriptor): TestDescriptor {
  return { mediaType, digest, size };
}

/** A stream of the blob's bytes; each call opens a new one. */
export function openBlob(blob: TestBlob): Readable {
  if (blob.content instanceof Uint8Array) return Readable.from([blob.content]);
  return createReadStream(blob.content.path, { highWaterMark: 1 << 20 });
}

/** The blob's bytes. Throws for one that is larger than Node's largest buffer. */
export async function readBlob(blob: TestBlob): Promise<Uint8Array> {
  return blob.content instanceof Uint8Array ? blob.content : await readFile(blob.content.path);
}
