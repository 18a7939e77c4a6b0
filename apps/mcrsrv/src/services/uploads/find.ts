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

/**
 * The caller's upload, with row and bytes in agreement: where a crash left them apart, the shorter wins. Only for the
 * upload's writer. Throws `BLOB_UPLOAD_UNKNOWN` also for another account's upload and for one of another repository.
 */
export async function findUpload(context: ServiceContext, caller: Caller, target: UploadTarget): Promise<UploadRecord> {
  const upload = await findUploadRow(context, caller, target);
  if (context.sessions.knows(upload.id)) return upload;
  return await agreeWithBytes(context, upload);
}

async function agreeWithBytes(context: ServiceContext, upload: UploadRecord): Promise<UploadRecord> {
  const { id, version } = upload;
  const size = await context.blobs.uploadSize(id);
  if (size === undefined) await context.blobs.createUpload(id);
  const offset = Math.min(upload.offset, size ?? 0);
  if (size !== undefined && size > offset) await cutBack(context, { id, offset });
  if (offset === upload.offset) return upload;
  const corrected = await context.store.uploads.advance({ id, version, offset, now: context.clock.now() });
  if (corrected === undefined) throw uploadUnknown(id);
  return corrected;
}

/** Cuts away what an upload holds beyond `offset`: appending nothing does that. */
export async function cutBack(
  { blobs }: Pick<ServiceContext, 'blobs'>,
  { id, offset }: Pick<UploadRecord, 'id' | 'offset'>,
): Promise<void> {
  await blobs.append(id, offset, nothing());
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/**
 * Runs `task` as the only writer of the caller's upload. Whose it is gets checked first: taking an upload over ends the
 * write that is under way. Throws `BLOB_UPLOAD_UNKNOWN`.
 */
export async function holdUpload<T>(
  context: ServiceContext,
  caller: Caller,
  target: UploadTarget,
  task: (upload: UploadRecord, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await findUploadRow(context, caller, target);
  return await context.sessions.exclusive(target.id, async (signal) =>
    task(await findUpload(context, caller, target), signal),
  );
}
