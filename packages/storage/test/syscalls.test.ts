import { type Digest, digestOf } from '@mcr/core';
import { type BlobStore, DiskBlobStore, type UploadPiece } from '@mcr/storage';
import { describe, expect, test } from 'vitest';
import { appendTo, blob, bytes, collect, contentOf, source, toArray } from '../src/testing/content.ts';
import { expectBytes } from '../src/testing/expect-bytes.ts';
import { content, digest, firstHalf, uploadIds } from './_pushed.ts';
import { type Scratch, scratch } from './_scratch.ts';
import { canTrace, changingCalls, tracePush } from './_strace.ts';

const [inOnePart, inTwoParts] = uploadIds;
const end = `removed ${inTwoParts}`;

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const suffix = /\.[0-9a-f]{12}/g;

/** One process for each fault, and tracing makes them slow. */
const timeout = 120_000;

/** Where the layers have a digest, without the suffix. */
function placeOf(of: Digest): { readonly prefix: string; readonly blob: string } {
  const hex = of.slice('sha256:'.length);
  const prefix = `layers/sha256/${hex.slice(0, 2)}`;
  return { prefix, blob: `${prefix}/${hex}` };
}

describe.skipIf(!canTrace)('system calls of a push, and of another push of the same blob', () => {
  test('nothing is acknowledged before it is durable', async () => {
    await using where = await scratch();
    const { acknowledged, calls: traced } = await tracePush(where);
    const known: readonly string[] = uploadIds;
    const calls = traced.map((call) =>
      call.replaceAll(uuid, (id) => (known.includes(id) ? id : 'copy')).replaceAll(suffix, ''),
    );
    expect(acknowledged.at(-1)).toBe(end);
    const [whole, first] = [placeOf(digest), placeOf(firstHalf)];
    expect(calls.slice(calls.indexOf(`pwritev uploads/${inOnePart}`))).toEqual([
      `pwritev uploads/${inOnePart}`,
      `pwritev uploads/${inOnePart}`,
      `fdatasync uploads/${inOnePart}`,
      'fsync uploads',
      `mkdir ${whole.prefix}`,
      `link uploads/${inOnePart} ${whole.blob}`,
      `fsync ${whole.prefix}`,
      'fsync layers/sha256',
      `unlink uploads/${inOnePart}`,

      `pwritev uploads/${inTwoParts}`,
      `pwrite64 uploads/${inTwoParts}`,
      `fdatasync uploads/${inTwoParts}`,
      'fsync uploads',
      `mkdir ${first.prefix}`,
      `link uploads/${inTwoParts} ${first.blob}`,
      `fsync ${first.prefix}`,
      'fsync layers/sha256',
      // Now the file is a blob as well, so that another one takes what follows.
      `pwritev uploads/${inTwoParts}`,
      `fdatasync uploads/${inTwoParts}`,
      'fsync uploads',
      'pwrite64 uploads/copy',
      'pwrite64 uploads/copy',
      'fdatasync uploads/copy',
      `link uploads/copy ${whole.blob}`,
      `fsync ${whole.prefix}`,
      'unlink uploads/copy',
      `unlink uploads/${inTwoParts}`,
      `unlink uploads/${inTwoParts}`,
    ]);
  });

  test.each(changingCalls)('what was acknowledged is there after a kill at any %s', { timeout }, async (call) => {
    let kills = 0;
    for (; ; kills += 1) {
      await using where = await scratch();
      const { acknowledged } = await tracePush(where, `${call}:signal=KILL:when=${kills + 1}`);
      await verify(where, acknowledged);
      if (acknowledged.includes(end)) break;
    }
    expect(kills).toBeGreaterThan(0);
  });

  test('a file system without hard links is rejected immediately', async () => {
    await using where = await scratch();
    const { acknowledged, complaints } = await tracePush(where, 'link:error=EPERM');
    expect(acknowledged).toEqual([]);
    expect(complaints).toContain('hard links');
  });

  test.each(['fdatasync', 'fsync'])('nothing is acknowledged after any %s that failed', { timeout }, async (call) => {
    let failures = 0;
    for (; ; failures += 1) {
      await using where = await scratch();
      const { acknowledged } = await tracePush(where, `${call}:error=EIO:when=${failures + 1}`);
      if (acknowledged.includes(end)) break;
      expect(acknowledged.indexOf('fatal')).toBe(acknowledged.length - 1);
      await verify(where, acknowledged);
    }
    expect(failures).toBeGreaterThan(0);
  });
});

/** Opens what was left behind, checks it against what was acknowledged, goes on with it, and pushes once more. */
async function verify(where: Scratch, acknowledged: readonly string[]): Promise<void> {
  const store = await DiskBlobStore.open(where);
  try {
    const blobs = new Map((await toArray(store.list())).map(({ locator, size }) => [locator, size]));
    for (const [locator, size] of blobs) {
      expect(digestOf(await contentOf(store, locator, size))).toBe(store.digestOf(locator));
    }
    const lines = acknowledged.map((line) => line.split(' '));
    for (const [verb, id = '', what = '', size] of lines) {
      if (verb === 'sealed') expect(blobs.get(what)).toBe(Number(size));
      if (verb === 'appended' && !isWhole(id, lines)) await verifyPieces(store, JSON.parse(what));
    }
    expectBytes(await contentOf(store, await blob(store, content), content.length), content);
  } finally {
    await store.close();
  }
}

/** Whether all of an upload was sealed: from then on its pieces may be removed. */
function isWhole(upload: string, lines: readonly (readonly string[])[]): boolean {
  return lines.some(([verb, id, , size]) => verb === 'sealed' && id === upload && Number(size) === content.length);
}

async function verifyPieces(store: BlobStore, pieces: readonly UploadPiece[]): Promise<void> {
  const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
  expectBytes(await collect(store.read(pieces)), content.subarray(0, size));
  const more = await appendTo(store, inTwoParts, pieces, source(bytes(5)));
  expectBytes(await collect(store.read(more)), Buffer.concat([content.subarray(0, size), bytes(5)]));
}
