import { type Digest, digestAlgorithm, RegistryError } from '@mcr/core';
import type { BlobRecord, UploadRecord } from '@mcr/db';
import { DigestMismatch, type UploadPiece } from '@mcr/storage';
import { openBytes } from '../blobs/bytes.ts';
import { digestOfContent } from '../blobs/digest-of-bytes.ts';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { dropUnrecorded } from './pieces.ts';

/** Pieces that are to become a blob. */
export interface PublishInput {
  readonly upload: UploadRecord;
  /** Whether the upload has a row, which ends with it. */
  readonly closes: boolean;
  readonly pieces: readonly UploadPiece[];
  /** What the client says that it sent. */
  readonly digest: Digest;
  readonly size: number;
  /** What the bytes are, where that is known. */
  readonly known: Digest | undefined;
}

/**
 * Seals pieces and puts the blob on record, in the version of the upload that they are of. Throws a `DigestMismatch`
 * whose cause is the client's error, `UploadMissing`, and `BLOB_UPLOAD_UNKNOWN`; the pieces stay.
 */
export async function publishPieces(context: ServiceContext, caller: Caller, input: PublishInput): Promise<BlobRecord> {
  const { store, blobs, settings, clock } = context;
  const { upload, closes, digest, size } = input;
  const { locator } = await seal(context, input);
  try {
    await checkStanding(context, digest);
    const now = clock.now();
    const record = await store.blobs.publish({
      repository: upload.repository,
      digest,
      size,
      locator,
      ...(closes && { upload: { id: upload.id, version: upload.version } }),
      leasedUntil: now + settings.gracePeriod,
      reviewAfter: now + settings.gracePeriod,
      actor: actorOf(caller),
      now,
    });
    // The blob was there already. This file has a name that was never on record.
    if (record.locator !== locator) await blobs.remove(locator).catch(() => {});
    return record;
  } catch (error) {
    await dropUnrecorded(context, { locator });
    throw error;
  }
}

async function seal({ blobs }: ServiceContext, { pieces, digest, size, known }: PublishInput) {
  try {
    if (known !== undefined && known !== digest) throw new DigestMismatch(known);
    return await blobs.seal(pieces, digest, size, { verified: known !== undefined });
  } catch (error) {
    if (!(error instanceof DigestMismatch)) throw error;
    const { actual } = error;
    const message = 'The uploaded bytes have another digest than the request says';
    error.cause = new RegistryError('DIGEST_INVALID', message, { detail: { expected: digest, actual, size } });
    throw error;
  }
}

/**
 * Reads the bytes of a blob that is pushed again, and takes it out of service when they are damaged: then this push repairs
 * it instead of relying on it. Costs as much as the client has sent.
 */
async function checkStanding(context: ServiceContext, digest: Digest): Promise<void> {
  const { store, clock, log } = context;
  const standing = await store.blobs.findByDigest(digest);
  if (standing === undefined || standing.damage !== undefined) return;
  const content = await openBytes(context, standing);
  if (content === undefined) return;
  const actual = await digestOfContent(content, digestAlgorithm(digest)).catch((error: unknown) => error);
  if (actual === digest) return;
  const { locator } = standing;
  await store.blobs.quarantine({ digest, locator, damage: 'digest', actor: {}, now: clock.now() });
  log.error({ digest, locator, found: actual }, 'blob bytes are damaged, and a push has brought them anew');
}
