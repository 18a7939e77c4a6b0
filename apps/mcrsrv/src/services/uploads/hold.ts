import type { UploadRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { findUpload, findUploadRow, type UploadTarget } from './find.ts';

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
