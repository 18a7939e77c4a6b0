import { randomUUID } from 'node:crypto';
import { type Digest, digestAlgorithm, digestFromHex, RegistryError, type RepositoryName } from '@mcr/core';
import type { BlobRecord, UploadRecord } from '@mcr/db';
import { DigestMismatch } from '@mcr/storage';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { requireSpace } from '../space/free-space.ts';
import { dropUnrecorded, removePieces } from './pieces.ts';
import { publishPieces } from './publish.ts';
import { type UploadPart, type WrittenUpload, writePart } from './write.ts';

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
  // It needs no row: no other request knows its id, and its bytes have a name of their own.
  const upload: UploadRecord = {
    id: randomUUID(),
    repository,
    createdBy: caller.principal.id,
    offset: 0,
    version: 0,
    touchedAt: context.clock.now(),
  };
  return await context.limits.uploads.whole(upload.createdBy, () => push(context, caller, upload, part, digest));
}

async function push(
  context: ServiceContext,
  caller: Caller,
  upload: UploadRecord,
  part: UploadPart,
  digest: Digest,
): Promise<BlobRecord> {
  const { offset: size, piece, sha256, error } = await writePart(context, upload, part);
  const pieces = piece === undefined ? [] : [piece];
  try {
    if (error !== undefined) throw error;
    const known = knownDigest(sha256, digest);
    const blob = await publishPieces(context, caller, { upload, closes: false, pieces, digest, size, known });
    await removePieces(context, pieces, blob);
    return blob;
  } catch (failure) {
    // The piece may be the blob, on record although its response was lost.
    await dropUnrecorded(context, piece);
    if (failure instanceof DigestMismatch) throw failure.cause;
    throw failure instanceof Error ? failure : new RegistryError('BLOB_UPLOAD_INVALID', 'The upload broke off');
  }
}

function knownDigest(sha256: WrittenUpload['sha256'], digest: Digest): Digest | undefined {
  if (sha256 === undefined || digestAlgorithm(digest) !== 'sha256') return undefined;
  return digestFromHex('sha256', sha256.digest('hex'));
}
