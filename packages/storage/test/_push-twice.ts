// Opens the store at the given layers and uploads, pushes one blob twice, and ends. Each line it prints is an
// acknowledgement: `open`, then for each push `created`, `appended`, `sealed`; or `fatal`, for a failed fsync.
import { writeSync } from 'node:fs';
import { DiskBlobStore } from '@mcr/storage';
import { chunked } from '../src/testing/content.ts';
import { content, digest, uploadIds } from './_pushed.ts';

const [layersPath = '', uploadsPath = ''] = process.argv.slice(2);
const onFatal = () => acknowledge('fatal');
const store = await DiskBlobStore.open({ layersPath, uploadsPath, onFatal });
acknowledge('open');
for (const id of uploadIds) {
  await store.createUpload(id);
  acknowledge(`created ${id}`);
  await store.append(id, 0, chunked(content, [65_536]));
  acknowledge(`appended ${id}`);
  await store.seal(id, digest, content.length);
  acknowledge(`sealed ${id}`);
}
await store.close();

function acknowledge(line: string): void {
  writeSync(1, `${line}\n`);
}
