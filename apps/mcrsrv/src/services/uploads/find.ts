import { RegistryError, type RepositoryName } from '@mcr/core';
import type { UploadRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/** What names an upload in a request. */
export interface UploadTarget {
  readonly repository: RepositoryName;
  readonly id: string;
}

/** The error for an upload that is unknown, or not the caller's: the same for both. */
export function uploadUnknown(id: string): RegistryError {
  return new RegistryError('BLOB_UPLOAD_UNKNOWN', 'There is no such upload in this repository; begin a new one', {
    detail: { upload: id.slice(0, 64) },
  });
}

/** The error for a part that does not begin where the upload ends. */
export function continuesElsewhere({ repository, id, offset }: UploadRecord, start?: number): RegistryError {
  const message = `The upload continues at byte ${offset}${start === undefined ? '' : `, not at ${start}`}`;
  return new RegistryError('RANGE_UNSATISFIABLE', message, {
    detail: { offset },
    upload: { repository, id, offset },
  });
}

/** The error for an upload that another request has changed: it ended, or continues elsewhere. */
export async function changedMeanwhile({ store }: Pick<ServiceContext, 'store'>, { id }: UploadRecord) {
  const current = await store.uploads.get(id);
  return current === undefined ? uploadUnknown(id) : continuesElsewhere(current);
}

/** The caller's upload as its row has it. Throws `BLOB_UPLOAD_UNKNOWN` also for one that is not the caller's. */
export async function findUploadRow(
  context: ServiceContext,
  caller: Caller,
  { repository, id }: UploadTarget,
): Promise<UploadRecord> {
  const upload = await context.store.uploads.get(id);
  if (upload?.repository === repository && upload.createdBy === caller.principal.id) return upload;
  throw uploadUnknown(id);
}

/** The upload, whose last piece has the bytes on record: a disk that lost some sends the client back. */
async function withBytes(context: ServiceContext, upload: UploadRecord): Promise<UploadRecord> {
  const { last } = upload;
  if (last === undefined || context.sessions.knows(upload)) return upload;
  const size = (await context.blobs.pieceSize(last.locator)) ?? 0;
  return size < last.size ? await cutToBytes(context, upload) : upload;
}

/** Records that an upload has only the bytes that its pieces still have in a row. */
export async function cutToBytes(context: ServiceContext, upload: UploadRecord): Promise<UploadRecord> {
  const { store, blobs, clock } = context;
  let offset = 0;
  for (const { locator, size } of (await store.uploads.pieces(upload)) ?? []) {
    const found = Math.min(size, (await blobs.pieceSize(locator)) ?? 0);
    offset += found;
    if (found < size) break;
  }
  const { id, version } = upload;
  const corrected = await store.uploads.cutBack({ id, version, offset, now: clock.now() });
  if (corrected === undefined) throw await changedMeanwhile(context, upload);
  return corrected;
}

/**
 * Runs `task` on the caller's upload. An upload has one client, so an earlier request in this process that still writes
 * has lost its connection, and ends first; the row decides between processes. Whose it is gets checked before that.
 * Throws `BLOB_UPLOAD_UNKNOWN`.
 */
export async function holdUpload<T>(
  context: ServiceContext,
  caller: Caller,
  target: UploadTarget,
  task: (upload: UploadRecord, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const found = await findUploadRow(context, caller, target);
  return await context.sessions.exclusive(target.id, async (signal, hasWaited) => {
    // Mostly there was no earlier request, and the row is as it was a moment ago.
    const upload = hasWaited ? await findUploadRow(context, caller, target) : found;
    return await task(await withBytes(context, upload), signal);
  });
}
