import { type BlobStore, DiskBlobStore } from '@mcr/storage';
import { describe, expect, test } from 'vitest';
import { blob, collect, contentOf, toArray } from '../src/testing/content.ts';
import { expectBytes } from '../src/testing/expect-bytes.ts';
import { content, locator, prefix, resumedAt, resumedId, uploadIds } from './_pushed.ts';
import { type Scratch, scratch } from './_scratch.ts';
import { canTrace, changingCalls, tracePush } from './_strace.ts';

const [first, again] = uploadIds;
const end = `resumed ${resumedId}`;
const knownIds: readonly string[] = [...uploadIds, resumedId];

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** One process for each fault, and tracing makes them slow. */
const timeout = 120_000;

describe.skipIf(!canTrace)('system calls of a push, and of another push of the same blob', () => {
  test('nothing is acknowledged before it is durable', async () => {
    await using where = await scratch();
    const { acknowledged, calls: traced } = await tracePush(where);
    const calls = traced.map((call) => call.replaceAll(uuid, (id) => (knownIds.includes(id) ? id : 'between')));
    expect(acknowledged.at(-1)).toBe(end);
    expect(calls.slice(calls.indexOf(`pwritev uploads/${first}`))).toEqual([
      `pwritev uploads/${first}`,
      `pwritev uploads/${first}`,
      `fdatasync uploads/${first}`,
      'fsync uploads',
      `utimensat uploads/${first}`,
      `mkdir layers/${prefix}`,
      `link uploads/${first} layers/${locator}`,
      `fsync layers/${prefix}`,
      'fsync layers/sha256',
      `unlink uploads/${first}`,

      `pwritev uploads/${again}`,
      `pwritev uploads/${again}`,
      `fdatasync uploads/${again}`,
      'fsync uploads',
      `utimensat uploads/${again}`,
      `link uploads/${again} layers/${locator}`,
      `link uploads/${again} uploads/between`,
      `rename uploads/between layers/${locator}`,
      'unlink uploads/between',
      `fsync layers/${prefix}`,
      `unlink uploads/${again}`,

      `pwritev uploads/${resumedId}`,
      `pwritev uploads/${resumedId}`,
      `fdatasync uploads/${resumedId}`,
      'fsync uploads',
      `utimensat uploads/${resumedId}`,
      `link uploads/${resumedId} layers/${locator}`,
      `link uploads/${resumedId} uploads/between`,
      `rename uploads/between layers/${locator}`,
      'unlink uploads/between',
      `fsync layers/${prefix}`,
      // Now the file is a blob as well.
      'pwrite64 uploads/between',
      'pwrite64 uploads/between',
      'fdatasync uploads/between',
      `rename uploads/between uploads/${resumedId}`,
      'fsync uploads',
      `pwrite64 uploads/${resumedId}`,
      `fdatasync uploads/${resumedId}`,
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

/** Opens what was left behind, checks it against what was acknowledged, and pushes once more. */
async function verify(where: Scratch, acknowledged: readonly string[]): Promise<void> {
  const store = await DiskBlobStore.open(where);
  try {
    const blobs = await toArray(store.list());
    expect(blobs.map((found) => found.locator)).toEqual(blobs.length === 0 ? [] : [locator]);
    if (blobs.length > 0) expectBytes(await contentOf(store, locator, content.length), content);

    for (const id of uploadIds) {
      const held = await store.uploadSize(id);
      if (acknowledged.includes(`discarded ${id}`)) expect(held).toBeUndefined();
      // Gone without a word: then it was sealed, and was to be discarded.
      else if (held === undefined && acknowledged.includes(`created ${id}`))
        expect(acknowledged).toContain(`sealed ${id}`);
      else if (acknowledged.includes(`appended ${id}`)) expect(held).toBe(content.length);
    }
    if (acknowledged.includes(`sealed ${first}`)) expect(blobs).toHaveLength(1);
    await verifyResumed(store, acknowledged);

    expect(await blob(store, content)).toBe(locator);
    expectBytes(await contentOf(store, locator, content.length), content);
  } finally {
    await store.close();
  }
}

async function verifyResumed(store: BlobStore, acknowledged: readonly string[]): Promise<void> {
  if (!acknowledged.includes(`appended ${resumedId}`)) return;
  const held = (await store.uploadSize(resumedId)) ?? 0;
  expect(held).toBeGreaterThanOrEqual(acknowledged.includes(end) ? resumedAt + 1 : resumedAt);
  expectBytes(await collect(store.readUpload(resumedId, resumedAt)), content.subarray(0, resumedAt));
}
