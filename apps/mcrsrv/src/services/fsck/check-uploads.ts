import type { Page, UploadRecord } from '@mcr/db';
import { allRows } from '../slice.ts';
import { type Finding, settled } from './finding.ts';
import type { FsckParts } from './parts.ts';

/** Compares uploads with their files. Only what is not touched any more is wrong: the others are being written. */
export async function* checkUploads(parts: FsckParts): AsyncGenerator<Finding, void> {
  yield* checkUploadRows(parts);
  yield* checkUploadFiles(parts);
}

async function* checkUploadRows(parts: FsckParts): AsyncGenerator<Finding, void> {
  const { store, files, examined, progress } = parts;
  const uploads = allRows(
    (page: Page) => store.inspection.listUploads(page),
    ({ id }) => id,
  );
  for await (const upload of uploads) {
    examined.uploads += 1;
    progress();
    const size = await files.uploadSize(upload.id);
    if (size !== undefined && size >= upload.offset) parts.note('upload-open');
    else if (await isUnchanged(parts, upload)) yield* findingsOf(parts, upload, size);
  }
}

function* findingsOf(parts: FsckParts, upload: UploadRecord, size: number | undefined): Generator<Finding, void> {
  const { store, clock } = parts;
  const { id, repository, offset, version, touchedAt } = upload;
  if (size !== undefined) {
    const repair = async () => {
      await store.uploads.advance({ id, version, offset: size, now: clock.now() });
      return settled(`set back to ${size} bytes, where its client goes on`);
    };
    yield { kind: 'upload-short', repository, upload: id, detail: `${size} of ${offset} bytes are there`, repair };
  } else if (offset > 0 || isIdle(parts, touchedAt)) {
    const repair = async () => {
      await store.uploads.delete(id);
      return settled('forgot the upload; its client begins a new one');
    };
    yield { kind: 'upload-missing', repository, upload: id, detail: `${offset} bytes on record`, repair };
  } else {
    // A power failure may take the name of an empty file away, and its client begins with the first byte all the same.
    parts.note('upload-open');
  }
}

/** Files come before their rows, and go after them. */
async function* checkUploadFiles(parts: FsckParts): AsyncGenerator<Finding, void> {
  const { store, files, progress } = parts;
  for await (const { id, touchedAt } of files.listUploads()) {
    progress();
    if ((await store.uploads.get(id)) !== undefined) continue;
    if (!isIdle(parts, touchedAt)) {
      parts.note('upload-open');
      continue;
    }
    const repair = async () => {
      await files.discardUpload(id);
      return settled('removed the file');
    };
    yield { kind: 'upload-unknown', upload: id, detail: `last written ${new Date(touchedAt).toISOString()}`, repair };
  }
}

async function isUnchanged({ store }: FsckParts, { id, version }: UploadRecord): Promise<boolean> {
  return (await store.uploads.get(id))?.version === version;
}

function isIdle({ clock, settings }: FsckParts, touchedAt: number): boolean {
  return touchedAt < clock.now() - settings.uploadTtl;
}
