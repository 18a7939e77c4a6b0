import { type Digest, digestOf, isDigest } from '@mcr/core';
import { expect, test } from 'vitest';
import type { BlobStore } from '../blob-store.ts';
import { BlobMissing, DigestMismatch, UploadMissing } from '../errors.ts';
import {
  appendTo,
  blob,
  blobsIn,
  bytes,
  collect,
  contentOf,
  piecesIn,
  removeAll,
  source,
  toArray,
  upload,
} from './content.ts';
import { expectBytes } from './expect-bytes.ts';
import type { BlobStoreTraits } from './uploading.ts';

/** Cases about uploads that become blobs, and blobs that are removed. */
export function sealing(store: () => BlobStore, { apart }: BlobStoreTraits): void {
  const [first, second] = [bytes(200_000), bytes(100_000, 2)];
  const whole = Buffer.concat([first, second]);

  test.each(['sha256', 'sha512'] as const)('makes an upload readable under its %s digest', async (algorithm) => {
    for (const parts of [[whole], [first, second]]) {
      const pieces = await upload(store(), ...parts);
      const { locator } = await store().seal(pieces, digestOf(whole, algorithm), whole.length);
      expectBytes(await contentOf(store(), locator, whole.length), whole);
      await removeAll(store(), pieces, locator);
      expectBytes(await contentOf(store(), locator, whole.length), whole);
    }
  });

  test('makes one blob of pieces that different requests wrote, in their order', async () => {
    const pieces = [...(await upload(store(), first)), ...(await upload(store(), second))];
    const { locator } = await store().seal(pieces, digestOf(whole), whole.length);
    expectBytes(await contentOf(store(), locator, whole.length), whole);
    await expect(store().seal(pieces.toReversed(), digestOf(whole), whole.length)).rejects.toThrow(DigestMismatch);
  });

  test('makes a blob of what is on record, and of no byte behind it', async () => {
    const [piece] = await upload(store(), whole);
    const recorded = [{ ...piece!, size: first.length }];
    const { locator } = await store().seal(recorded, digestOf(first), first.length, { verified: true });
    expectBytes(await contentOf(store(), locator, first.length), first);
  });

  test.skipIf(apart)(
    'makes the only piece the blob, without another object, and several pieces a new one',
    async () => {
      const [piece] = await upload(store(), whole);
      expect(await store().seal([piece!], digestOf(whole), whole.length)).toEqual({ locator: piece!.locator });
      expect(await blobsIn(store())).toEqual([piece!.locator]);
      const pieces = await twoPieces();
      const { locator } = await store().seal(pieces, digestOf(whole), whole.length);
      expect(await blobsIn(store(), piece!, ...pieces)).toEqual([locator]);
    },
  );

  test.runIf(apart)(
    'leaves the pieces, of which it makes another blob each time, under a locator of its own',
    async () => {
      const pieces = await upload(store(), whole);
      const seal = async () => (await store().seal(pieces, digestOf(whole), whole.length)).locator;
      const locators = [await seal(), ...(await Promise.all([seal(), seal()]))];
      expect(new Set(locators).size).toBe(3);
      await store().remove(locators[0]!);
      locators[0] = await seal();
      expect(new Set(locators).size).toBe(3);
      for (const locator of locators) expectBytes(await contentOf(store(), locator, whole.length), whole);
      expectBytes(await collect(store().read(pieces)), whole);
      expect((await toArray(store().list())).map(({ locator }) => locator)).toEqual(locators.toSorted());
    },
  );

  test('gives the bytes of a digest another locator each time, also after they were removed', async () => {
    const locators = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      const locator = await blob(store(), first);
      locators.add(locator);
      if (round % 2 === 0) await store().remove(locator);
    }
    expect(locators.size).toBe(5);
  });

  test('does not change a blob when the upload goes on after it was sealed', async () => {
    const id = '00000000-0000-4000-8000-000000000001';
    const pieces = await appendTo(store(), id, [], source(first));
    const { locator } = await store().seal(pieces, digestOf(first), first.length);
    const more = await appendTo(store(), id, pieces, source(second));
    expectBytes(await contentOf(store(), locator, first.length), first);
    const { locator: next } = await store().seal(more, digestOf(whole), whole.length);
    await appendTo(store(), id, more, source(first));
    await removeAll(store(), more, locator);
    expectBytes(await contentOf(store(), locator, first.length), first);
    expectBytes(await contentOf(store(), next, whole.length), whole);
  });

  test.each([
    ['has written nothing yet', 0],
    ['has written some', 1_000_000],
  ])(
    'does not change a blob that is sealed while another request, which %s, appends to the upload',
    async (_how, size) => {
      const id = '00000000-0000-4000-8000-000000000002';
      const pieces = await appendTo(store(), id, [], source(first));
      const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      async function* held() {
        if (size > 0) yield bytes(size, 3);
        reached.resolve();
        await gate.promise;
        yield bytes(1_000_000, 4);
      }
      const appending = appendTo(store(), id, pieces, held());
      await reached.promise;
      const { locator } = await store().seal(pieces, digestOf(first), first.length, { verified: true });
      gate.resolve();
      const more = await appending;
      expectBytes(await contentOf(store(), locator, first.length), first);
      const expected = Buffer.concat([first, bytes(size, 3), bytes(1_000_000, 4)]);
      expectBytes(await collect(store().read(more)), expected);
    },
  );

  test('seals an empty blob', async () => {
    const locator = await blob(store(), new Uint8Array());
    expectBytes(await contentOf(store(), locator, 0), new Uint8Array());
  });

  test('counts a blob as sealed now, however old its pieces are', async () => {
    const pieces = await upload(store(), bytes(10));
    const before = Date.now();
    await store().seal(pieces, digestOf(bytes(10)), 10);
    const [found] = await toArray(store().list());
    // File systems may stamp with a clock that ticks every few milliseconds.
    expect(found?.sealedAt).toBeGreaterThan(before - 1000);
    expect(found?.sealedAt).toBeLessThanOrEqual(Date.now());
  });

  test.each([999, 1001])('does not seal an upload of 1000 bytes as %i', async (size) => {
    const pieces = await upload(store(), bytes(1000));
    await expect(store().seal(pieces, digestOf(bytes(1000)), size)).rejects.toThrow(UploadMissing);
    expect(await blobsIn(store(), ...pieces)).toEqual([]);
  });

  test.each([1, 2])('seals nothing of %i pieces with another digest, and says which they have', async (count) => {
    const pieces = count === 1 ? await upload(store(), whole) : await twoPieces();
    for (const algorithm of ['sha256', 'sha512'] as const) {
      const sealed = store().seal(pieces, digestOf('something else', algorithm), whole.length);
      await expect(sealed).rejects.toMatchObject({ name: 'DigestMismatch', actual: digestOf(whole, algorithm) });
    }
    expect(await blobsIn(store(), ...pieces)).toEqual([]);
    expect(await piecesIn(store(), { apart })).toHaveLength(count);
  });

  test('verifies again what it has to put together, since its bytes may have changed', async () => {
    const pieces = await twoPieces();
    const sealed = store().seal(pieces, digestOf('something else'), whole.length, { verified: true });
    await expect(sealed).rejects.toThrow(DigestMismatch);
    expect(await blobsIn(store(), ...pieces)).toEqual([]);
  });

  test.each([1, 2])('does not seal %i pieces of which one is gone or short', async (count) => {
    const pieces = count === 1 ? await upload(store(), whole) : await twoPieces();
    const last = pieces.at(-1)!;
    const longer = [...pieces.slice(0, -1), { ...last, size: last.size + 1 }];
    await expect(store().seal(longer, digestOf(whole), whole.length + 1)).rejects.toThrow(UploadMissing);
    await store().remove(last.locator);
    await expect(store().seal(pieces, digestOf(whole), whole.length)).rejects.toThrow(UploadMissing);
    await expect(store().seal([{ locator: '../x', size: 1 }], digestOf('x'), 1)).rejects.toThrow(UploadMissing);
    expect(await blobsIn(store(), ...pieces)).toEqual([]);
  });

  const hex = 'a'.repeat(64);
  test.each([
    ['another algorithm', `md5:${'a'.repeat(32)}`],
    ['upper case', `sha256:${hex.toUpperCase()}`],
    ['a digit too few', `sha256:${hex.slice(1)}`],
    ['a digit too many', `sha256:${hex}a`],
    ['a line end', `sha256:${hex}\n`],
    ['a NUL', `sha256:${hex.slice(1)}\0`],
    ['a path', 'sha256:../../etc/passwd'],
    ['nothing', ''],
  ])('rejects a digest with %s', async (_what, text) => {
    expect(isDigest(text)).toBe(false);
    const pieces = await upload(store(), bytes(10));
    await expect(store().seal(pieces, text as Digest, 10)).rejects.toMatchObject({ code: 'DIGEST_INVALID' });
  });

  test('seals different uploads at the same time', async () => {
    const contents = Array.from({ length: 16 }, (_, index) => bytes(1000 + index, index));
    const locators = await Promise.all(contents.map((content) => blob(store(), content)));
    expect(new Set(locators).size).toBe(16);
    for (const [index, content] of contents.entries()) {
      expectBytes(await contentOf(store(), locators[index] ?? '', content.length), content);
    }
  });

  test('removes a blob, as often as one likes', async () => {
    const locator = await blob(store(), bytes(10));
    await store().remove(locator);
    await store().remove(locator);
    await expect(store().open(locator, 10)).rejects.toThrow(BlobMissing);
    expect(await toArray(store().list())).toEqual([]);
  });

  test('leaves a blob readable to those that opened it before its removal', async () => {
    const content = bytes(700_000);
    const locator = await blob(store(), content);
    const reader = await store().open(locator, content.length);
    await store().remove(locator);
    expectBytes(await collect(reader.stream()), content);
  });

  test('takes blobs while their neighbors are removed', async () => {
    for (let round = 0; round < 20; round += 1) {
      const old = await blob(store(), bytes(10), near(round));
      const [added] = await Promise.all([blob(store(), bytes(20), near(round + 1)), store().remove(old)]);
      expectBytes(await contentOf(store(), added, 20), bytes(20));
      await store().remove(added);
    }
  });

  test('removes nothing for a text that is no locator', async () => {
    const locator = await blob(store(), bytes(10));
    for (const text of ['', '.', 'sha256', '../uploads', `/${locator}`, `${locator}/..`, `${locator}\n`]) {
      await store().remove(text);
    }
    expectBytes(await contentOf(store(), locator, 10), bytes(10));
  });

  test.runIf(apart)('keeps pieces and blobs apart', async () => {
    const [piece] = await upload(store(), bytes(10));
    await expect(store().open(piece!.locator, 10)).rejects.toThrow(BlobMissing);
    expect(await toArray(store().list())).toEqual([]);
    const locator = await blob(store(), bytes(10));
    expect(await store().pieceSize(locator)).toBeUndefined();
    await expect(collect(store().read([{ locator, size: 10 }]))).rejects.toThrow(UploadMissing);
  });

  const twoPieces = async () => [...(await upload(store(), first)), ...(await upload(store(), second))];
}

/** Digests that share their first two digits. */
function near(index: number): Digest {
  return `sha256:ab${index.toString(16).padStart(62, '0')}` as Digest;
}
