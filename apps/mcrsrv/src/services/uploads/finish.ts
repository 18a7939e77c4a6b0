import { createHash } from 'node:crypto';
import { type Digest, digestAlgorithm, digestFromHex, RegistryError } from '@mcr/core';
import type { BlobRecord, UploadRecord } from '@mcr/db';
import type { Locator } from '@mcr/storage';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { requireSpace } from '../space/free-space.ts';
import { recordProgress } from './append.ts';
import { cutBack, holdUpload, type UploadTarget } from './find.ts';
import { checkPart, type UploadPart, type WrittenUpload, writePart } from './write.ts';

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
    const written =
      part.length === 0 ? await unchanged(context, upload) : await writePart(context, upload, part, signal);
    if (written.error instanceof RegistryError) {
      await cutBack(context, upload);
      throw written.error;
    }
    if (written.error !== undefined) {
      await recordProgress(context, upload, written);
      throw written.error;
    }
    return await commitUpload(context, caller, upload, written, digest);
  });
}

/** Verifies the bytes of an upload and publishes them. The caller is the only writer of the upload. */
export async function commitUpload(
  context: ServiceContext,
  caller: Caller,
  upload: UploadRecord,
  written: WrittenUpload,
  digest: Digest,
): Promise<BlobRecord> {
  const { store, blobs, sessions, settings, clock } = context;
  const actual = await digestOfUpload(context, upload, written, digest);
  sessions.forget(upload.id);
  if (actual !== digest) {
    await store.uploads.delete(upload.id);
    await blobs.discardUpload(upload.id);
    throw new RegistryError('DIGEST_INVALID', 'The uploaded bytes have another digest than the request says', {
      detail: { expected: digest, actual, size: written.offset },
    });
  }
  const blob = await context.digestLocks.run(digest, async () => {
    const { locator, isNew } = await blobs.seal(upload.id, digest, written.offset);
    const now = clock.now();
    try {
      return await store.blobs.publish({
        repository: upload.repository,
        digest,
        size: written.offset,
        locator,
        uploadId: upload.id,
        leasedUntil: now + settings.gracePeriod,
        reviewAfter: now + settings.gracePeriod,
        actor: actorOf(caller),
        now,
      });
    } catch (error) {
      if (isNew) await removeUnowned(context, locator).catch(() => {});
      throw error;
    }
  });
  // Only now: whatever failed before this, the upload has its bytes. What stays has no row, and goes with idle uploads.
  await blobs.discardUpload(upload.id).catch(() => {});
  return blob;
}

/**
 * Removes what was sealed and not recorded; after a crash, the next reconcile does. Only for what was not there before:
 * a manifest may need a file whose row was lost. The caller holds the digest's lock.
 */
async function removeUnowned({ store, blobs }: ServiceContext, locator: Locator): Promise<void> {
  if (!(await store.blobs.isLocatorUsed(locator))) await blobs.remove(locator);
}

async function unchanged(context: ServiceContext, upload: UploadRecord): Promise<WrittenUpload> {
  const sha256 = context.sessions.takeHash(upload);
  return { offset: upload.offset, ...(sha256 !== undefined && { sha256 }) };
}

async function digestOfUpload(
  context: ServiceContext,
  upload: UploadRecord,
  { offset, sha256 }: WrittenUpload,
  digest: Digest,
): Promise<Digest> {
  const algorithm = digestAlgorithm(digest);
  if (algorithm === 'sha256') {
    const known = sha256?.digest('hex') ?? (offset === upload.offset ? upload.sha256AtOffset : undefined);
    if (known !== undefined) return digestFromHex('sha256', known);
  }
  const hash = createHash(algorithm);
  for await (const chunk of context.blobs.readUpload(upload.id, offset)) hash.update(chunk);
  return digestFromHex(algorithm, hash.digest('hex'));
}
