import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { holdUpload, type UploadTarget } from './find.ts';
import { removePieces } from './pieces.ts';

/** Drops an upload and its bytes (distribution-spec, end-14). Throws `BLOB_UPLOAD_UNKNOWN`. */
export async function cancelUpload(context: ServiceContext, caller: Caller, target: UploadTarget): Promise<void> {
  await authorize(context, caller, 'registry:push', target.repository);
  await holdUpload(context, caller, target, async ({ id }) => {
    const pieces = await context.store.uploads.delete({ id });
    context.sessions.forget(id);
    await removePieces(context, pieces ?? []);
  });
}
