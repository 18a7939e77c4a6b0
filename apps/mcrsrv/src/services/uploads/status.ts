import type { UploadRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { findUpload, type UploadTarget } from './find.ts';

/** How much of an upload is acknowledged (distribution-spec, end-13). Asking does not disturb a write in progress. */
export async function uploadStatus(
  context: ServiceContext,
  caller: Caller,
  target: UploadTarget,
): Promise<UploadRecord> {
  await authorize(context, caller, 'registry:push', target.repository);
  return await findUpload(context, caller, target);
}
