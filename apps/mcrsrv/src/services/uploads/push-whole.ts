import { randomUUID } from 'node:crypto';
import { type Digest, RegistryError, type RepositoryName } from '@mcr/core';
import type { BlobRecord, UploadRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { requireSpace } from '../space/free-space.ts';
import { commitUpload } from './finish.ts';
import { type UploadPart, writePart } from './write.ts';

/**
 * Takes a whole blob in one request (distribution-spec, end-4b), without a session that could be resumed: nothing is
 * left of it unless it succeeds. Throws `DIGEST_INVALID`, `RANGE_INVALID`, `SIZE_INVALID`, and the source's own error.
 */
export async function pushWholeBlob(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  digest: Digest,
  part: UploadPart,
): Promise<BlobRecord> {
  await authorize(context, caller, 'registry:push', repository);
  await requireSpace(context);
  if (part.range !== undefined && part.range.start !== 0) {
    throw new RegistryError('RANGE_INVALID', 'A blob that comes in one request must begin at byte 0', {
      detail: { start: part.range.start },
    });
  }
  const now = context.clock.now();
  const upload: UploadRecord = {
    id: randomUUID(),
    repository,
    createdBy: caller.principal.id,
    offset: 0,
    version: 0,
    touchedAt: now,
  };
  const push = async (signal: AbortSignal): Promise<BlobRecord> => {
    await context.blobs.createUpload(upload.id);
    try {
      const written = await writePart(context, upload, part, signal);
      if (written.error !== undefined) throw written.error;
      return await commitUpload(context, caller, upload, written, digest);
    } catch (error) {
      // What cannot be removed now has no row, and goes with the idle uploads.
      await context.blobs.discardUpload(upload.id).catch(() => {});
      throw error instanceof Error ? error : new RegistryError('BLOB_UPLOAD_INVALID', 'The upload broke off');
    }
  };
  return await context.limits.uploads.whole(upload.createdBy, () => context.sessions.exclusive(upload.id, push));
}
