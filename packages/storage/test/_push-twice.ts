// Opens the store at the given layers and uploads, pushes one blob in one part and once more in two, of which the first is
// continued only after it was sealed, and ends. Each line it prints is an acknowledgement: `open`, then `appended <id>
// <pieces as JSON>`, `sealed <id> <locator>`, and `removed <id>` for each push; or `fatal`, for a failed fsync.
import { writeSync } from 'node:fs';
import { DiskBlobStore, type UploadPiece } from '@mcr/storage';
import { appendTo, chunked, removeAll } from '../src/testing/content.ts';
import { content, digest, firstHalf, half, uploadIds } from './_pushed.ts';

const [layersPath = '', uploadsPath = ''] = process.argv.slice(2);
const onFatal = () => acknowledge('fatal');
const store = await DiskBlobStore.open({ layersPath, uploadsPath, onFatal });
acknowledge('open');
const [inOnePart, inTwoParts] = uploadIds;
const whole = await append(inOnePart, [], content);
await seal(inOnePart, whole, digest, content.length);
await remove(inOnePart, whole);

const begun = await append(inTwoParts, [], content.subarray(0, half));
await seal(inTwoParts, begun, firstHalf, half);
const both = await append(inTwoParts, begun, content.subarray(half));
await seal(inTwoParts, both, digest, content.length);
await remove(inTwoParts, both);
await store.close();

async function append(id: string, pieces: readonly UploadPiece[], part: Uint8Array): Promise<readonly UploadPiece[]> {
  const all = await appendTo(store, id, pieces, chunked(part, [65_536]));
  acknowledge(`appended ${id} ${JSON.stringify(all)}`);
  return all;
}

async function seal(id: string, pieces: readonly UploadPiece[], of: typeof digest, size: number): Promise<void> {
  const { locator } = await store.seal(pieces, of, size, { verified: true });
  acknowledge(`sealed ${id} ${locator} ${size}`);
}

async function remove(id: string, pieces: readonly UploadPiece[]): Promise<void> {
  await removeAll(store, pieces);
  acknowledge(`removed ${id}`);
}

function acknowledge(line: string): void {
  writeSync(1, `${line}\n`);
}
