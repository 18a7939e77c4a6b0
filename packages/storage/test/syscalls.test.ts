import { DiskBlobStore } from '@mcr/storage';
import { describe, expect, test } from 'vitest';
import { blob, contentOf, toArray } from '../src/testing/content.ts';
import { expectBytes } from '../src/testing/expect-bytes.ts';
import { content, locator, prefix, uploadIds } from './_pushed.ts';
import { type Scratch, scratch } from './_scratch.ts';
import { canTrace, changingCalls, tracePush } from './_strace.ts';

const [first, again] = uploadIds;
const end = `sealed ${again}`;

/** One process for each fault, and tracing makes them slow. */
const timeout = 120_000;

describe.skipIf(!canTrace)('system calls of a push, and of another push of the same blob', () => {
  test('nothing is acknowledged before it is durable', async () => {
    await using where = await scratch();
    const { acknowledged, calls } = await tracePush(where);
    expect(acknowledged.at(-1)).toBe(end);
    expect(calls.slice(calls.indexOf(`pwritev uploads/${first}`))).toEqual([
      `pwritev uploads/${first}`,
      `pwritev uploads/${first}`,
      `fdatasync uploads/${first}`,
      'fsync uploads',
      `fdatasync uploads/${first}`,
      `utimensat uploads/${first}`,
      `mkdir layers/${prefix}`,
      `rename uploads/${first} layers/${locator}`,
      `fsync layers/${prefix}`,
      'fsync layers/sha256',

      `pwritev uploads/${again}`,
      `pwritev uploads/${again}`,
      `fdatasync uploads/${again}`,
      'fsync uploads',
      `fdatasync uploads/${again}`,
      `utimensat uploads/${again}`,
      `rename uploads/${again} layers/${locator}`,
      `fsync layers/${prefix}`,
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
      if (acknowledged.includes(`sealed ${id}`)) expect(held).toBeUndefined();
      // Gone without a word that it was sealed: then it is, and only the word was lost.
      else if (acknowledged.includes(`created ${id}`) && held === undefined) expect(blobs).toHaveLength(1);
      else if (acknowledged.includes(`appended ${id}`)) expect(held).toBe(content.length);
    }
    if (acknowledged.includes(`sealed ${first}`)) expect(blobs).toHaveLength(1);

    expect(await blob(store, content)).toBe(locator);
    expectBytes(await contentOf(store, locator, content.length), content);
  } finally {
    await store.close();
  }
}
