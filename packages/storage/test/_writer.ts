// Opens the store at the given layers and uploads and pushes without end, until it is killed. Each line it prints is
// an acknowledgement: `open`, `appended <id> <seed> <size>`, or `sealed <id> <locator> <size>`.
import { randomInt, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { digestOf } from '@mcr/core';
import { DiskBlobStore } from '@mcr/storage';
import { bytes, chunked } from '../src/testing/content.ts';

const MAX_SIZE = 3_000_000;
const PUSHES_AT_ONCE = 3;

const [layersPath = '', uploadsPath = ''] = process.argv.slice(2);
const store = await DiskBlobStore.open({ layersPath, uploadsPath });
acknowledge('open');
await Promise.all(Array.from({ length: PUSHES_AT_ONCE }, push));

async function push(): Promise<never> {
  for (;;) {
    const id = randomUUID();
    const seed = randomInt(2 ** 31);
    const size = randomInt(MAX_SIZE);
    const half = randomInt(size + 1);
    const content = bytes(size, seed);
    await store.createUpload(id);
    await store.append(id, 0, chunked(content.subarray(0, half), [65_536]));
    acknowledge('appended', id, seed, half);
    await store.append(id, half, chunked(content.subarray(half), [65_536]));
    acknowledge('appended', id, seed, size);
    const { locator } = await store.seal(id, digestOf(content), size);
    acknowledge('sealed', id, locator, size);
    await store.discardUpload(id);
  }
}

function acknowledge(...words: (string | number)[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}
