// Opens the store at the given layers and uploads, pushes one blob twice, seals it once more and goes on with that
// upload, and ends. Each line it prints is an acknowledgement: `open`, then for each push `created`, `appended`,
// `sealed`, and `discarded` or `resumed`; or `fatal`, for a failed fsync.
import { writeSync } from 'node:fs';
import { DiskBlobStore } from '@mcr/storage';
import { chunked } from '../src/testing/content.ts';
import { content, digest, resumedAt, resumedId, uploadIds } from './_pushed.ts';

const [layersPath = '', uploadsPath = ''] = process.argv.slice(2);
const onFatal = () => acknowledge('fatal');
const store = await DiskBlobStore.open({ layersPath, uploadsPath, onFatal });
acknowledge('open');
for (const id of uploadIds) {
  await seal(id);
  await store.discardUpload(id);
  acknowledge(`discarded ${id}`);
}
await seal(resumedId);
await store.append(resumedId, resumedAt, chunked(content.subarray(0, 1), [1]));
acknowledge(`resumed ${resumedId}`);
await store.close();

async function seal(id: string): Promise<void> {
  await store.createUpload(id);
  acknowledge(`created ${id}`);
  await store.append(id, 0, chunked(content, [65_536]));
  acknowledge(`appended ${id}`);
  await store.seal(id, digest, content.length);
  acknowledge(`sealed ${id}`);
}

function acknowledge(line: string): void {
  writeSync(1, `${line}\n`);
}
