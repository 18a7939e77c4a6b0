import type { UploadRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { findUploadRow, type UploadTarget } from './find.ts';

/**
 * How much of an upload is acknowledged (distribution-spec, end-13): the shorter of row and bytes. Changes nothing, since
 * a request may be writing, or making the bytes a blob.
 */
export async function uploadStatus(
  context: ServiceContext,
  caller: Caller,
  target: UploadTarget,
): Promise<UploadRecord> {
  await authorize(context, caller, 'registry:push', target.repository);
  const upload = await findUploadRow(context, caller, target);
  if (context.sessions.isHeld(upload.id)) return upload;
  const size = (await context.blobs.uploadSize(upload.id)) ?? 0;
  return { ...upload, offset: Math.min(upload.offset, size) };
}
