// Opens the store at the given layers and uploads and pushes without end, until it is killed. Each line it prints is
// an acknowledgement: `open`, `appended <seed> <size> <pieces as JSON>`, or `sealed <seed> <size> <locator>`. With `shared`
// as the third argument it has the store together with others.
import { randomInt, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { digestOf } from '@mcr/core';
import { DiskBlobStore } from '@mcr/storage';
import { appendTo, bytes, chunked, removeAll } from '../src/testing/content.ts';

/** Of several processes one may write until the test ends, and all that it wrote is read. */
const MAX_SIZE = { alone: 3_000_000, shared: 300_000 } as const;
const PUSHES_AT_ONCE = 3;

const [layersPath = '', uploadsPath = '', mode] = process.argv.slice(2);
const isShared = mode === 'shared';
const maxSize = isShared ? MAX_SIZE.shared : MAX_SIZE.alone;
const store = await DiskBlobStore.open({ layersPath, uploadsPath, shared: isShared });
acknowledge('open');
await Promise.all(Array.from({ length: PUSHES_AT_ONCE }, push));

async function push(): Promise<never> {
  for (;;) {
    const id = randomUUID();
    const seed = randomInt(2 ** 31);
    const size = randomInt(maxSize);
    const half = randomInt(size + 1);
    const content = bytes(size, seed);
    const first = await appendTo(store, id, [], chunked(content.subarray(0, half), [65_536]));
    acknowledge('appended', seed, half, JSON.stringify(first));
    const pieces = await appendTo(store, id, first, chunked(content.subarray(half), [65_536]));
    acknowledge('appended', seed, size, JSON.stringify(pieces));
    const { locator } = await store.seal(pieces, digestOf(content), size);
    acknowledge('sealed', seed, size, locator);
    await removeAll(store, pieces);
  }
}

function acknowledge(...words: (string | number)[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}
