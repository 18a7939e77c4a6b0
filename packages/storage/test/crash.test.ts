import { randomInt } from 'node:crypto';
import { digestOf } from '@mcr/core';
import { type BlobStore, DiskBlobStore } from '@mcr/storage';
import { expect, test } from 'vitest';
import { bytes, collect, contentOf, source, toArray } from '../src/testing/content.ts';
import { expectBytes } from '../src/testing/expect-bytes.ts';
import { scratch } from './_scratch.ts';
import { WriterProcess } from './_writer-process.ts';

const ROUNDS = 8;
/** Acknowledgements before the kill, at most; it then falls wherever the process happens to be. */
const MAX_ACKNOWLEDGED = 30;

test('everything acknowledged is there after kill -9, round after round on one store', async () => {
  await using where = await scratch();
  for (let round = 0; round < ROUNDS; round += 1) {
    await using writer = WriterProcess.start(where);
    await writer.take(1 + randomInt(MAX_ACKNOWLEDGED));
    await writer.kill();
    const store = await DiskBlobStore.open(where);
    try {
      await verify(store, writer.acknowledged);
    } finally {
      await store.close();
    }
  }
});

async function verify(store: BlobStore, acknowledged: readonly string[]): Promise<void> {
  const blobs = new Map((await toArray(store.list())).map((found) => [found.locator, found.size]));
  for (const [locator, size] of blobs) {
    expect(digestOf(await contentOf(store, locator, size)), 'a blob is whole').toBe(digestIn(locator));
  }

  for (const [verb, id = '', ...rest] of acknowledged.map((line) => line.split(' '))) {
    if (verb === 'sealed') expect(blobs.get(rest[0] ?? '')).toBe(Number(rest[1]));
    if (verb === 'appended') await verifyUpload(store, id, Number(rest[0]), Number(rest[1]), acknowledged);
  }

  for (const { id } of await toArray(store.listUploads())) {
    expect(await store.append(id, 0, source(bytes(5)))).toEqual({ size: 5 });
    await store.discardUpload(id);
  }
}

/** An upload holds at least what was acknowledged, until it has become a blob. */
async function verifyUpload(
  store: BlobStore,
  id: string,
  seed: number,
  size: number,
  acknowledged: readonly string[],
): Promise<void> {
  const held = await store.uploadSize(id);
  if (held !== undefined) {
    expect(held).toBeGreaterThanOrEqual(size);
    expectBytes(await collect(store.readUpload(id, size)), bytes(size, seed));
    return;
  }
  const [, , locator = '', whole] = acknowledged.find((line) => line.startsWith(`sealed ${id} `))?.split(' ') ?? [];
  expectBytes(await contentOf(store, locator, Number(whole)), bytes(Number(whole), seed));
}

function digestIn(locator: string): string {
  const [algorithm, , hex] = locator.split('/');
  return `${algorithm}:${hex}`;
}
