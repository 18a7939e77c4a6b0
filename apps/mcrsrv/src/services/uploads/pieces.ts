import type { UploadRecord } from '@mcr/db';
import type { UploadPiece } from '@mcr/storage';
import type { ServiceContext } from '../context.ts';
import { changedMeanwhile } from './find.ts';

type Stores = Pick<ServiceContext, 'store' | 'blobs'>;

/**
 * The pieces of an upload, with one that was written and is not recorded yet. Throws `RANGE_UNSATISFIABLE` or
 * `BLOB_UPLOAD_UNKNOWN` when another request has changed the upload.
 */
export async function piecesOf(
  context: ServiceContext,
  upload: UploadRecord,
  written: UploadPiece | undefined,
): Promise<readonly UploadPiece[]> {
  const recorded = await recordedPieces(context, upload);
  if (recorded === undefined) throw await changedMeanwhile(context, upload);
  if (written === undefined) return recorded;
  return [...recorded.filter(({ locator }) => locator !== written.locator), written];
}

/** Mostly there is one, which the row has brought along. */
async function recordedPieces({ store }: Stores, upload: UploadRecord): Promise<readonly UploadPiece[] | undefined> {
  const { last } = upload;
  if (last === undefined) return [];
  return last.position === 0 ? [last] : await store.uploads.pieces(upload);
}

/**
 * Removes pieces of an upload that has ended, apart from one that is the blob now. What stays, garbage collection finds: no
 * row knows it any more.
 */
export async function removePieces(
  { blobs }: Stores,
  pieces: readonly { readonly locator: string }[],
  blob?: { readonly locator: string },
): Promise<void> {
  for (const { locator } of pieces) if (locator !== blob?.locator) await blobs.remove(locator).catch(() => {});
}

/** Removes what this request wrote under a name of its own, unless it is on record all the same. Never throws. */
export async function dropUnrecorded(
  { store, blobs }: Stores,
  written: { readonly locator: string } | undefined,
): Promise<void> {
  if (written === undefined) return;
  try {
    if (!(await store.blobs.isLocatorUsed(written.locator))) await blobs.remove(written.locator);
  } catch {
    // Garbage collection finds it.
  }
}
