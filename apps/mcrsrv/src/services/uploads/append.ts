import type { UploadRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { requireSpace } from '../space/free-space.ts';
import { changedMeanwhile, holdUpload, type UploadTarget } from './find.ts';
import { dropUnrecorded } from './pieces.ts';
import { checkPart, renewal, type UploadPart, type WrittenUpload, writePart } from './write.ts';

/**
 * Appends a part to an upload (distribution-spec, end-5) and records how far it got, so that it can be resumed.
 * A part that contradicts its range, or has no room, leaves the upload as it was. Throws `BLOB_UPLOAD_UNKNOWN`,
 * `SIZE_INVALID`, `RANGE_UNSATISFIABLE`, `NO_SPACE`, and the source's own error once what came before it is kept.
 */
export async function appendToUpload(
  context: ServiceContext,
  caller: Caller,
  target: UploadTarget,
  part: UploadPart,
): Promise<UploadRecord> {
  await authorize(context, caller, 'registry:push', target.repository);
  await requireSpace(context);
  return await holdUpload(context, caller, target, async (upload, signal) => {
    checkPart(upload, part);
    const written = await writePart(context, upload, part, { signal, renew: renewal(context, upload) });
    const advanced = await recordProgress(context, upload, written);
    if (written.error !== undefined) throw written.error;
    return advanced;
  });
}

/**
 * Records what was written; the next part, or the closing request, starts from it. Throws `RANGE_UNSATISFIABLE` when
 * another request was faster, of which this part is none: its bytes are removed.
 */
export async function recordProgress(
  context: ServiceContext,
  upload: UploadRecord,
  { offset, piece, sha256 }: WrittenUpload,
): Promise<UploadRecord> {
  try {
    const advanced = await context.store.uploads.advance({
      id: upload.id,
      version: upload.version,
      offset,
      ...(piece !== undefined && { piece }),
      ...(sha256 !== undefined && { sha256AtOffset: sha256.copy().digest('hex') }),
      now: context.clock.now(),
    });
    if (advanced === undefined) throw await changedMeanwhile(context, upload);
    context.sessions.remember(advanced, sha256);
    return advanced;
  } catch (error) {
    await dropUnrecorded(context, piece);
    throw error;
  }
}
