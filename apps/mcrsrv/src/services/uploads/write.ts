import type { Hash } from 'node:crypto';
import { RegistryError } from '@mcr/core';
import type { UploadRecord } from '@mcr/db';
import { type Chunks, chunksOf, type UploadPiece } from '@mcr/storage';
import type { ServiceContext } from '../context.ts';
import { continuesElsewhere, uploadUnknown } from './find.ts';

/** Pieces of one upload: reading and removing them costs as much, and no client sends so many chunks. */
export const maxPieces = 10_000;
/** Parts of the time to live of uploads, after which a part that is being written says that it still is. */
const renewalsPerTtl = 3;

/** A part of an upload, as a client sends it. */
export interface UploadPart {
  /** Where in the upload it claims to lie, both ends inclusive; absent where it does not say. */
  readonly range?: { readonly start: number; readonly end: number };
  /** How many bytes it has; absent where that shows at its end. */
  readonly length?: number;
  readonly source: AsyncIterable<Chunks>;
  /** Takes chunks of `source` back that no one reads any more. */
  readonly release?: (chunks: readonly Uint8Array[]) => void;
  /** Makes `source` fail soon, so that what came so far can be kept. */
  readonly cancel: (reason: Error) => void;
}

/** An upload after a part was written. */
export interface WrittenUpload {
  readonly offset: number;
  /** What has the new bytes, if there are any: the upload's last piece, extended, or one of its own. */
  readonly piece?: UploadPiece;
  /** Running hash of everything up to `offset`; absent when it must be computed from the bytes. */
  readonly sha256?: Hash;
  /** Why the part broke off; what came before it is kept. */
  readonly error?: unknown;
}

/** What else there is to writing a part of an upload that has a row. */
export interface WriteOptions {
  /** Ends the part, because another request takes over. */
  readonly signal?: AbortSignal;
  /** Called again and again while bytes come. */
  readonly renew?: () => Promise<void>;
}

/**
 * Rejects a part that does not begin where the upload ends, whose range and length contradict each other, or that would be
 * one too many.
 */
export function checkPart(upload: UploadRecord, { range, length }: UploadPart): void {
  if (length !== 0 && upload.last !== undefined && upload.last.position + 1 >= maxPieces) {
    const message = `The upload has ${maxPieces} parts, which is the maximum; send fewer and larger ones`;
    throw new RegistryError('BLOB_UPLOAD_INVALID', message, { detail: { parts: maxPieces } });
  }
  if (range === undefined) return;
  if (length !== undefined && length !== range.end - range.start + 1) {
    throw new RegistryError('SIZE_INVALID', 'Content-Range and Content-Length name different sizes', {
      detail: { contentLength: length, rangeLength: range.end - range.start + 1 },
    });
  }
  if (range.start === upload.offset) return;
  throw continuesElsewhere(upload, range.start);
}

/**
 * Keeps an upload from being reaped while bytes of it come, in whatever process: its row is touched when a part of its time
 * to live has passed. The function throws `BLOB_UPLOAD_UNKNOWN` when the row is gone.
 */
export function renewal(
  { store, clock, settings }: ServiceContext,
  { id, touchedAt }: UploadRecord,
): () => Promise<void> {
  let renewedAt = touchedAt;
  return async () => {
    const now = clock.now();
    if (now - renewedAt < settings.uploadTtl / renewalsPerTtl) return;
    renewedAt = now;
    if (!(await store.uploads.touch({ id, now }))) throw uploadUnknown(id);
  };
}

/**
 * Writes a part's bytes while there is room for them, hashing on the way. The caller records the piece. Throws, with nothing
 * left of the part, `SIZE_INVALID`, `NO_SPACE`, `TOOMANYREQUESTS`, and what `renew` throws.
 */
export async function writePart(
  context: ServiceContext,
  upload: UploadRecord,
  part: UploadPart,
  { signal, renew = async () => {} }: WriteOptions = {},
): Promise<WrittenUpload> {
  const { blobs, limits, sessions, space } = context;
  const giveWay = () => part.cancel(new Error('Another request took over the upload'));
  if (signal?.aborted) giveWay();
  else signal?.addEventListener('abort', giveWay, { once: true });
  await renew();
  using meter = await limits.uploads.meter(upload.createdBy);
  // What the store will put together it hashes then: a hash of every chunk would be of no use to anyone.
  const isOneOfSeveral = upload.last !== undefined && !blobs.extendsPieces;
  const sha256 = isOneOfSeveral ? undefined : sessions.takeHash(upload);
  let received = 0;
  async function* hashing(): AsyncGenerator<Chunks> {
    for await (const chunks of part.source) {
      for (const chunk of chunksOf(chunks)) {
        space.blobs.take(chunk.length);
        meter?.add(chunk.length);
        sha256?.update(chunk);
        received += chunk.length;
      }
      await renew();
      yield chunks;
    }
    checkReceived(part, received);
  }
  const { last } = upload;
  const keeps = (error: unknown) => !(error instanceof RegistryError);
  const { piece, error } = await blobs.append(upload.id, hashing(), {
    ...(last !== undefined && { after: last }),
    // Of an upload's first part, the running hash is that of the part.
    ...(upload.offset === 0 && sha256 !== undefined && { sha256: () => sha256.copy().digest('hex') }),
    ...(part.release !== undefined && { release: part.release }),
    keeps,
  });
  if (error instanceof RegistryError) throw error;
  const added = piece === undefined ? 0 : piece.size - (piece.locator === last?.locator ? last.size : 0);
  return {
    offset: upload.offset + added,
    ...(piece !== undefined && { piece }),
    ...(sha256 !== undefined && received === added && { sha256 }),
    ...(error !== undefined && { error }),
  };
}

function checkReceived({ range }: UploadPart, received: number): void {
  if (range === undefined || received === range.end - range.start + 1) return;
  throw new RegistryError('SIZE_INVALID', 'The body is not as long as Content-Range says', {
    detail: { received, rangeLength: range.end - range.start + 1 },
  });
}
