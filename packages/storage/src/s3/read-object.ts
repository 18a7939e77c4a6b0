import type { ByteSpan } from '../blob-store.ts';
import type { ObjectBody } from './client/object-body.ts';
import { getObject } from './client/objects.ts';
import type { S3Client } from './client/s3-client.ts';
import { S3Error } from './client/s3-error.ts';

/** How often a transfer that breaks goes on where it was, */
const maxResumptions = 3;
/** counted anew after so many bytes. */
const progressBytes = 16 * 1024 * 1024;

/** A response to a GET, whose bytes were not read yet. */
export interface StartedRead extends ByteSpan {
  readonly body: ObjectBody;
  /** Size of the whole object. */
  readonly size: number;
}

/** Begins to read a span of an object that is not empty. Throws an `S3Error`, with `size` where it has no such bytes. */
export async function startRead(
  client: S3Client,
  key: string,
  { start, end }: ByteSpan,
  etag?: string,
): Promise<StartedRead> {
  const body = await getObject(client, key, { start, end, ...(etag !== undefined && { etag }) });
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(body.headers['content-range'] ?? '');
  const size = Number(range?.[3]);
  if (body.status === 206 && range !== null && Number(range[1]) === start) {
    return { body, start, end: Math.min(end, Number(range[2])), size };
  }
  const length = Number(body.headers['content-length']);
  if (body.status === 200 && start === 0 && end + 1 === length) return { body, start, end, size: length };
  body.destroy();
  throw new S3Error(`GET "${key}": the response has not the bytes that were asked for`);
}

/** The bytes of a span, in pieces, of which each is good until the next one is asked for. Goes on where a connection broke, since objects never change. */
export async function* readSpan(
  client: S3Client,
  key: string,
  { start, end }: ByteSpan,
  started?: StartedRead,
): AsyncGenerator<Uint8Array, void, void> {
  let position = start;
  let read = started;
  const etag = read?.body.headers['etag'];
  for (let resumptions = 0, resumedAt = start; position <= end; resumptions += 1) {
    try {
      read ??= await startRead(client, key, { start: position, end }, etag);
      for await (const piece of read.body.pieces()) {
        position += piece.length;
        client.figures.bytesReceived += piece.length;
        yield piece;
      }
      if (position <= end) throw new S3Error(`GET "${key}": the response ended at byte ${position}`);
    } catch (cause) {
      const error = cause instanceof S3Error ? cause : new S3Error((cause as Error).message, { cause });
      if (position - resumedAt >= progressBytes) resumptions = 0;
      if (!error.isTransient || resumptions >= maxResumptions) throw error;
      resumedAt = position;
      client.figures.retried('get');
      client.breaker.failed();
    } finally {
      read = undefined;
    }
  }
}
