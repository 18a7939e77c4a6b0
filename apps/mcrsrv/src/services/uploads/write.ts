import type { Hash } from 'node:crypto';
import { RegistryError, type UploadPosition } from '@mcr/core';
import type { UploadRecord } from '@mcr/db';
import type { ServiceContext } from '../context.ts';

/** A part of an upload, as a client sends it. */
export interface UploadPart {
  /** Where in the upload it claims to lie, both ends inclusive; absent where it does not say. */
  readonly range?: { readonly start: number; readonly end: number };
  /** How many bytes it has; absent where that shows at its end. */
  readonly length?: number;
  readonly source: AsyncIterable<Uint8Array>;
  /** Makes `source` fail soon, so that what came so far can be kept. */
  readonly cancel: (reason: Error) => void;
}

/** An upload after a part was written. */
export interface WrittenUpload {
  readonly offset: number;
  /** Running hash of everything up to `offset`; absent when it must be computed from the bytes. */
  readonly sha256?: Hash;
  /** Why the part broke off; what came before it is kept. */
  readonly error?: unknown;
}

/** Rejects a part that does not begin where the upload ends, or whose range and length contradict each other. */
export function checkPart(upload: UploadRecord, { range, length }: UploadPart): void {
  if (range === undefined) return;
  if (length !== undefined && length !== range.end - range.start + 1) {
    throw new RegistryError('SIZE_INVALID', 'Content-Range and Content-Length name different sizes', {
      detail: { contentLength: length, rangeLength: range.end - range.start + 1 },
    });
  }
  if (range.start === upload.offset) return;
  throw new RegistryError(
    'RANGE_UNSATISFIABLE',
    `The upload continues at byte ${upload.offset}, not at ${range.start}`,
    { detail: { offset: upload.offset }, upload: positionOf(upload) },
  );
}

function positionOf({ repository, id, offset }: UploadRecord): UploadPosition {
  return { repository, id, offset };
}

/** Appends a part's bytes while there is room for them, hashing on the way. The caller records the new offset. */
export async function writePart(
  context: ServiceContext,
  upload: UploadRecord,
  part: UploadPart,
  signal: AbortSignal,
): Promise<WrittenUpload> {
  const giveWay = () => part.cancel(new Error('Another request took over the upload'));
  if (signal.aborted) giveWay();
  else signal.addEventListener('abort', giveWay, { once: true });
  using meter = await context.limits.uploads.meter(upload.createdBy);
  const sha256 = context.sessions.takeHash(upload);
  let hashed = upload.offset;
  async function* hashing(): AsyncGenerator<Uint8Array> {
    for await (const chunk of part.source) {
      context.space.blobs.take(chunk.length);
      meter?.add(chunk.length);
      sha256?.update(chunk);
      hashed += chunk.length;
      yield chunk;
    }
  }
  const { size, error } = await context.blobs.append(upload.id, upload.offset, hashing());
  const broken = error ?? rangeMismatch(upload, part, size);
  return {
    offset: size,
    ...(sha256 !== undefined && hashed === size && { sha256 }),
    ...(broken !== undefined && { error: broken }),
  };
}

function rangeMismatch(upload: UploadRecord, { range }: UploadPart, size: number): RegistryError | undefined {
  if (range === undefined || size === range.end + 1) return undefined;
  return new RegistryError('SIZE_INVALID', 'The body is not as long as Content-Range says', {
    detail: { received: size - upload.offset, rangeLength: range.end - range.start + 1 },
  });
}
