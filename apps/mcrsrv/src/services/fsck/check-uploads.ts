import type { Page, UploadRecord } from '@mcr/db';
import type { StoredPiece } from '@mcr/storage';
import { allRows } from '../slice.ts';
import { type Finding, settled } from './finding.ts';
import type { FsckParts } from './parts.ts';

/** Compares uploads with the files of their pieces. What is being written changes while one looks, and is looked at again. */
export async function* checkUploads(parts: FsckParts): AsyncGenerator<Finding, void> {
  yield* checkUploadRows(parts);
  yield* checkPieceFiles(parts);
}

async function* checkUploadRows(parts: FsckParts): AsyncGenerator<Finding, void> {
  const { store, examined, progress } = parts;
  const uploads = allRows(
    (page: Page) => store.inspection.listUploads(page),
    ({ id }) => id,
  );
  for await (const upload of uploads) {
    examined.uploads += 1;
    progress();
    const present = await presentBytes(parts, upload);
    if (present === undefined || present === upload.offset) parts.note('upload-open');
    else if (await isUnchanged(parts, upload)) yield describe(parts, upload, present);
  }
}

/** Bytes that are there in a row, from the first one on; `undefined` when the upload has changed meanwhile. */
async function presentBytes({ store, files }: FsckParts, upload: UploadRecord): Promise<number | undefined> {
  const pieces = await store.uploads.pieces(upload);
  if (pieces === undefined) return undefined;
  let present = 0;
  for (const { locator, size } of pieces) {
    const found = Math.min(size, (await files.pieceSize(locator)) ?? 0);
    present += found;
    if (found < size) break;
  }
  return present;
}

function describe({ store, clock }: FsckParts, upload: UploadRecord, present: number): Finding {
  const { id, repository, offset, version } = upload;
  if (present > 0) {
    const repair = async () => {
      await store.uploads.cutBack({ id, version, offset: present, now: clock.now() });
      return settled(`set back to ${present} bytes, where its client goes on`);
    };
    return { kind: 'upload-short', repository, upload: id, detail: `${present} of ${offset} bytes are there`, repair };
  }
  const repair = async () => {
    await store.uploads.delete({ id, version });
    return settled('forgot the upload; its client begins a new one');
  };
  return { kind: 'upload-missing', repository, upload: id, detail: `${offset} bytes on record`, repair };
}

/** Files come before their rows, and go after them. */
async function* checkPieceFiles(parts: FsckParts): AsyncGenerator<Finding, void> {
  const { store, files, progress, note } = parts;
  for await (const piece of files.listPieces()) {
    progress();
    if (await store.blobs.isLocatorUsed(piece.locator)) continue;
    if ((await store.inspection.findLocator(piece.locator)).trashed) note('file-trashed');
    else if (piece.touchedAt >= parts.clock.now() - parts.settings.uploadTtl) note('upload-open');
    else yield describeUnknown(parts, piece);
  }
}

function describeUnknown({ store, clock }: FsckParts, { locator, size, touchedAt }: StoredPiece): Finding {
  const repair = async () => {
    await store.gc.sweep({ locator, size, kind: 'piece', now: clock.now() });
    return settled('the next garbage collection removes it');
  };
  const upload = locator.slice(locator.indexOf('/') + 1);
  return { kind: 'upload-unknown', upload, detail: `last written ${new Date(touchedAt).toISOString()}`, repair };
}

async function isUnchanged({ store }: FsckParts, { id, version }: UploadRecord): Promise<boolean> {
  return (await store.uploads.get(id))?.version === version;
}
