import type { UploadRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { findUploadRow, type UploadTarget } from './find.ts';

/** How much of an upload is acknowledged (distribution-spec, end-13): what its row says. Changes nothing. */
export async function uploadStatus(
  context: ServiceContext,
  caller: Caller,
  target: UploadTarget,
): Promise<UploadRecord> {
  await authorize(context, caller, 'registry:push', target.repository);
  return await findUploadRow(context, caller, target);
}
