import { randomInt } from 'node:crypto';
import { digestOf } from '@mcr/core';
import { type BlobStore, DiskBlobStore, type UploadPiece } from '@mcr/storage';
import { expect, test } from 'vitest';
import { appendTo, bytes, collect, contentOf, removeAll, source, toArray } from '../src/testing/content.ts';
import { expectBytes } from '../src/testing/expect-bytes.ts';
import { scratch } from './_scratch.ts';
import { WriterProcess } from './_writer-process.ts';

const ROUNDS = 8;
/** Acknowledgements before the kill, at most; it then falls wherever the process happens to be. */
const MAX_ACKNOWLEDGED = 30;
const anyId = '00000000-0000-4000-8000-000000000000';

test('everything acknowledged is there after kill -9, round after round on one store', {
  timeout: 120_000,
}, async () => {
  await using where = await scratch();
  for (let round = 0; round < ROUNDS; round += 1) {
    await using writer = WriterProcess.start(where);
    await writer.take(1 + randomInt(MAX_ACKNOWLEDGED));
    await writer.kill();
    const store = await DiskBlobStore.open(where);
    try {
      await verify(store, writer.acknowledged);
      await removeAll(store, await toArray(store.listPieces()));
    } finally {
      await store.close();
    }
  }
});

test('what two processes write into one directory is there after one is killed, and the other goes on', {
  timeout: 120_000,
}, async () => {
  await using where = await scratch();
  await using survivor = WriterProcess.start(where, 'inherit', true);
  await survivor.take(1);
  for (let round = 0; round < ROUNDS / 2; round += 1) {
    await using victim = WriterProcess.start(where, 'inherit', true);
    await victim.take(1 + randomInt(MAX_ACKNOWLEDGED));
    await victim.kill();
    const store = await DiskBlobStore.open({ ...where, shared: true });
    try {
      await verify(store, victim.acknowledged);
    } finally {
      await store.close();
    }
  }
  await survivor.take(MAX_ACKNOWLEDGED);
  await survivor.kill();
  const store = await DiskBlobStore.open(where);
  await verify(store, survivor.acknowledged);
  await store.close();
});

async function verify(store: BlobStore, acknowledged: readonly string[]): Promise<void> {
  const blobs = new Map((await toArray(store.list())).map((found) => [found.locator, found.size]));
  for (const [locator, size] of blobs) {
    expect(digestOf(await contentOf(store, locator, size)), 'a blob is whole').toBe(store.digestOf(locator));
  }
  const lines = acknowledged.map((line) => line.split(' '));
  for (const [verb, seed = '', size, rest = ''] of lines) {
    if (verb === 'sealed') expect(blobs.get(rest)).toBe(Number(size));
    if (verb !== 'appended') continue;
    // Removing pieces begins when the blob is there.
    const isSealed = lines.some(([what, of]) => what === 'sealed' && of === seed);
    if (!isSealed) await verifyPieces(store, bytes(Number(size), Number(seed)), JSON.parse(rest));
  }
}

/** Bytes on record are there, also after another process has appended to them. */
async function verifyPieces(store: BlobStore, content: Uint8Array, pieces: readonly UploadPiece[]): Promise<void> {
  if (pieces.length === 0) return;
  expectBytes(await collect(store.read(pieces)), content);
  const more = await appendTo(store, anyId, pieces, source(bytes(5)));
  expectBytes(await collect(store.read(more)), Buffer.concat([content, bytes(5)]));
}
