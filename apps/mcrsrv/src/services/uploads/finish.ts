import { type Digest, digestAlgorithm, digestFromHex, RegistryError } from '@mcr/core';
import type { BlobRecord, UploadRecord } from '@mcr/db';
import { DigestMismatch, UploadMissing } from '@mcr/storage';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { requireSpace } from '../space/free-space.ts';
import { recordProgress } from './append.ts';
import { changedMeanwhile, continuesElsewhere, cutToBytes, holdUpload, type UploadTarget } from './find.ts';
import { dropUnrecorded, piecesOf, removePieces } from './pieces.ts';
import { publishPieces } from './publish.ts';
import { checkPart, renewal, type UploadPart, type WrittenUpload, writePart } from './write.ts';

/**
 * Closes an upload, after appending the last part if there is one, and makes it a blob of the repository
 * (distribution-spec, end-6). Throws `DIGEST_INVALID`, and drops the upload, when the bytes have another digest.
 */
export async function finishUpload(
  context: ServiceContext,
  caller: Caller,
  target: UploadTarget,
  digest: Digest,
  part: UploadPart,
): Promise<BlobRecord> {
  await authorize(context, caller, 'registry:push', target.repository);
  if (part.length !== 0) await requireSpace(context);
  return await holdUpload(context, caller, target, async (upload, signal) => {
    checkPart(upload, part);
    const options = { signal, renew: renewal(context, upload) };
    const written = part.length === 0 ? unchanged(context, upload) : await writePart(context, upload, part, options);
    if (written.error !== undefined) {
      await recordProgress(context, upload, written);
      throw written.error;
    }
    return await close(context, caller, upload, written, digest);
  });
}

/** What this request wrote is not recorded before the upload ends: when that fails, the client sends it again. */
async function close(
  context: ServiceContext,
  caller: Caller,
  upload: UploadRecord,
  written: WrittenUpload,
  digest: Digest,
): Promise<BlobRecord> {
  try {
    const pieces = await piecesOf(context, upload, written.piece);
    context.sessions.forget(upload.id);
    const { offset: size } = written;
    const known = knownDigest(upload, written, digest);
    const blob = await publishPieces(context, caller, { upload, closes: true, pieces, digest, size, known });
    await removePieces(context, pieces, blob);
    return blob;
  } catch (error) {
    await dropUnrecorded(context, written.piece);
    throw await explain(context, upload, error);
  }
}

/** What became of the upload, where the error says only what failed. A wrong digest ends it. */
async function explain(context: ServiceContext, upload: UploadRecord, error: unknown): Promise<unknown> {
  if (error instanceof DigestMismatch) {
    const { id, version } = upload;
    const pieces = await context.store.uploads.delete({ id, version });
    if (pieces === undefined) return await changedMeanwhile(context, upload);
    await removePieces(context, pieces);
    return error.cause;
  }
  if (error instanceof UploadMissing) {
    const current = await context.store.uploads.get(upload.id);
    if (current?.version !== upload.version) return await changedMeanwhile(context, upload);
    return continuesElsewhere(await cutToBytes(context, upload));
  }
  const isStale = error instanceof RegistryError && error.code === 'BLOB_UPLOAD_UNKNOWN';
  return isStale ? await changedMeanwhile(context, upload) : error;
}

function unchanged(context: ServiceContext, upload: UploadRecord): WrittenUpload {
  const sha256 = context.sessions.takeHash(upload);
  return { offset: upload.offset, ...(sha256 !== undefined && { sha256 }) };
}

/** The digest of the bytes by the algorithm of `digest`, if it is known without reading them. */
function knownDigest(upload: UploadRecord, { piece, sha256 }: WrittenUpload, digest: Digest): Digest | undefined {
  if (digestAlgorithm(digest) !== 'sha256') return undefined;
  const known = sha256?.digest('hex') ?? (piece === undefined ? upload.sha256AtOffset : undefined);
  return known === undefined ? undefined : digestFromHex('sha256', known);
}
