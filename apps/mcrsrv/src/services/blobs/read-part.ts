import type { Digest, RepositoryName } from '@mcr/core';
import pLimit from 'p-limit';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { isDamage } from './bytes.ts';
import { findBlob, openBlob } from './open.ts';
import { blobUnknown } from './stat.ts';

/** Large enough for a document in a few calls, small enough for the memory of many. */
const maxPart = 1024 * 1024;
/** So few files are open, whatever many streams of many connections ask for. */
const limitReads = pLimit(16);

/** A part of a blob, and the size of the whole. */
export interface BlobBytes {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly size: number;
}

/** Reads at most 1 MiB of a blob of the repository that the caller may pull, from `start`; nothing from its end on. `BLOB_UNKNOWN`. */
export async function readPart(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  digest: Digest,
  start: number,
): Promise<BlobBytes> {
  const record = await findBlob(context, caller, repository, digest);
  const { size } = record;
  if (start >= size) return { content: new Uint8Array(), size };
  const span = { start, end: Math.min(size, start + maxPart) - 1 };
  return await limitReads(async () => {
    const blob = await openBlob(context, repository, record, span);
    try {
      return { content: new Uint8Array(await new Response(blob.stream(span)).arrayBuffer()), size };
    } catch (error) {
      if (isDamage(error)) throw blobUnknown(digest);
      throw error;
    }
  });
}
