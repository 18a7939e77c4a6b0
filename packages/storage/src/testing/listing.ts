import type { Digest } from '@mcr/core';
import { expect, test } from 'vitest';
import type { BlobStore, Locator } from '../blob-store.ts';
import { blob, bytes, toArray, upload } from './content.ts';
import type { BlobStoreTraits } from './uploading.ts';

const digests = [
  `sha512:${'0'.repeat(128)}`,
  `sha256:ff${'0'.repeat(62)}`,
  `sha256:ab${'f'.repeat(62)}`,
  `sha256:ab${'0'.repeat(62)}`,
  `sha256:0a${'0'.repeat(62)}`,
  `sha256:a0${'0'.repeat(62)}`,
] as Digest[];

/** Cases about finding what is there. */
export function listing(store: () => BlobStore, { apart }: BlobStoreTraits): void {
  const fill = async () => {
    const sizes = new Map<Locator, number>();
    for (const [index, digest] of digests.entries()) {
      sizes.set(await blob(store(), bytes(index + 1), digest), index + 1);
    }
    return sizes;
  };

  test('lists blobs in bytewise order, with size and time', async () => {
    const before = Date.now();
    const sizes = await fill();
    const found = await toArray(store().list());
    expect(found.map(({ locator }) => locator)).toEqual([...sizes.keys()].sort());
    for (const { locator, size, sealedAt } of found) {
      expect(size).toBe(sizes.get(locator));
      expect(Number.isSafeInteger(sealedAt)).toBe(true);
      // Some servers count in seconds.
      expect(sealedAt).toBeGreaterThan(before - 1000);
    }
  });

  test('continues a list after any locator, also one that is gone', async () => {
    const locators = [...(await fill()).keys()].sort();
    for (const [index, after] of locators.entries()) {
      const rest = locators.slice(index + 1);
      expect((await toArray(store().list(after))).map(({ locator }) => locator)).toEqual(rest);
      await store().remove(after);
      expect((await toArray(store().list(after))).map(({ locator }) => locator)).toEqual(rest);
    }
  });

  test.each(['', 'sha', 'sha256/', 'sha256/a', 'sha256/ab', 'sha256/ab/', 'sha256/b', 'sha512', 'z'])(
    'continues a list after the text "%s"',
    async (after) => {
      const locators = [...(await fill()).keys()].sort();
      const found = (await toArray(store().list(after))).map(({ locator }) => locator);
      expect(found).toEqual(locators.filter((locator) => locator > after));
    },
  );

  test('lets a list be left early, and blobs be removed while it goes on', async () => {
    await fill();
    for await (const _first of store().list()) break;
    for await (const { locator } of store().list()) await store().remove(locator);
    expect(await toArray(store().list())).toEqual([]);
  });

  test('lists nothing of an empty store', async () => {
    expect(await toArray(store().list())).toEqual([]);
    expect(await toArray(store().listPieces())).toEqual([]);
  });

  test.runIf(apart)('lists pieces with their size and the time of their last write', async () => {
    const before = Date.now();
    const pieces = [...(await upload(store(), bytes(10))), ...(await upload(store(), bytes(20)))];
    const found = await toArray(store().listPieces());
    expect(found.map(({ locator, size }) => ({ locator, size })).sort(byLocator)).toEqual(pieces.toSorted(byLocator));
    for (const { touchedAt } of found) {
      expect(Number.isSafeInteger(touchedAt)).toBe(true);
      // File systems may stamp with a clock that ticks every few milliseconds.
      expect(touchedAt).toBeGreaterThan(before - 1000);
    }
  });
}

function byLocator(one: { readonly locator: string }, other: { readonly locator: string }): number {
  return one.locator < other.locator ? -1 : 1;
}
