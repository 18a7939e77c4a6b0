import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { findUpload, type UploadTarget } from './find.ts';

/** Drops an upload and its bytes (distribution-spec, end-14). Throws `BLOB_UPLOAD_UNKNOWN`. */
export async function cancelUpload(context: ServiceContext, caller: Caller, target: UploadTarget): Promise<void> {
  await authorize(context, caller, 'registry:push', target.repository);
  await context.sessions.exclusive(target.id, async () => {
    const upload = await findUpload(context, caller, target);
    await context.store.deleteUpload(upload.id);
    context.sessions.forget(upload.id);
    await context.blobs.discardUpload(upload.id);
  });
}
