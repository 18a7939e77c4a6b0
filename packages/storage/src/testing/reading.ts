import { digestOf } from '@mcr/core';
import { expect, test } from 'vitest';
import type { BlobStore } from '../blob-store.ts';
import { BlobMissing } from '../errors.ts';
import { blob, bytes, collect, contentOf, piped, toArray } from './content.ts';
import { openFiles } from './descriptors.ts';
import { expectBytes } from './expect-bytes.ts';

const SIZE = 5 * 1024 * 1024 + 321;

const spans = [
  [0, 0],
  [0, 9],
  [10, 10],
  [262_143, 262_144],
  [262_144, 524_287],
  [1, SIZE - 2],
  [0, SIZE - 1],
  [SIZE - 1, SIZE - 1],
] as const;

/** Cases about blobs that are read. */
export function reading(store: () => BlobStore): void {
  test('reads a large blob whole', async () => {
    const content = bytes(SIZE);
    const locator = await blob(store(), content);
    expectBytes(await contentOf(store(), locator, SIZE), content);
  });

  test.each(spans)('reads bytes %i to %i, both inclusive', async (start, end) => {
    const content = bytes(SIZE);
    const locator = await blob(store(), content);
    const opened = await store().open(locator, SIZE);
    expect(opened.size).toBe(SIZE);
    expectBytes(await collect(opened.stream({ start, end })), content.subarray(start, end + 1));
  });

  test.each([
    [-1, 5],
    [5, 4],
    [0, 1000],
    [1000, 1000],
    [Number.NaN, 5],
  ])('rejects bytes %d to %d of 1000, and can still be closed', async (start, end) => {
    const opened = await store().open(await blob(store(), bytes(1000)), 1000);
    expect(() => opened.stream({ start, end })).toThrow(RangeError);
    await opened.close();
  });

  test.each([999, 1001, 0])('does not open a blob of 1000 bytes as one of %i', async (size) => {
    const locator = await blob(store(), bytes(1000));
    await expect(store().open(locator, size)).rejects.toThrow(BlobMissing);
  });

  test('reads at once all of a small blob, or nothing', async () => {
    const [small, large] = [bytes(1000), bytes(100_000)];
    const locators = [await blob(store(), small), await blob(store(), large)] as const;
    const isRemote = store().readAtOnce === undefined;
    expect(store().readAtOnce?.(locators[0], 1000)).toEqual(isRemote ? undefined : Buffer.from(small));
    expect(store().readAtOnce?.(locators[0], 999)).toBeUndefined();
    expect(store().readAtOnce?.(locators[0], 1001)).toBeUndefined();
    expect(store().readAtOnce?.(locators[1], 100_000)).toBeUndefined();
    const [room, full] = [Buffer.alloc(1001), Buffer.alloc(1000)];
    expect(store().readAtOnce?.(locators[0], 1000, room)).toEqual(isRemote ? undefined : Buffer.from(small));
    expect(store().readAtOnce?.(locators[0], 1000, full)).toEqual(isRemote ? undefined : Buffer.from(small));
    expect(room.equals(Buffer.concat([small, Buffer.alloc(1)]))).toBe(!isRemote);
    expect(full.equals(Buffer.alloc(1000))).toBe(true);
    await store().remove(locators[0]);
    expect(store().readAtOnce?.(locators[0], 1000)).toBeUndefined();
  });

  test('does not open a blob that is not there', async () => {
    const locator = await blob(store(), bytes(10));
    await store().remove(locator);
    await expect(store().open(locator, 10)).rejects.toThrow(BlobMissing);
  });

  test.each(['', '.', '..', '../uploads', 'sha256', 'sha256/aa', '/etc/passwd', `sha256/ab/${'a'.repeat(64)}`])(
    'does not open "%s"',
    async (text) => {
      await expect(store().open(text, 0)).rejects.toThrow(BlobMissing);
    },
  );

  test('does not open a locator that a line end or a NUL follows', async () => {
    const locator = await blob(store(), bytes(10));
    await expect(store().open(`${locator}\n`, 10)).rejects.toThrow(BlobMissing);
    await expect(store().open(`${locator}\0`, 10)).rejects.toThrow(BlobMissing);
  });

  test('closes a blob that is not streamed, as often as one likes', async () => {
    const before = openFiles();
    const opened = await store().open(await blob(store(), bytes(10)), 10);
    await opened.close();
    await opened.close();
    expect(openFiles()).toEqual(before);
  });

  test('never streams a blob that was closed, nor another one that was opened since', async () => {
    const locator = await blob(store(), bytes(10));
    const closed = await store().open(locator, 10);
    await closed.close();
    const other = await store().open(await blob(store(), bytes(20)), 20);
    await expect(collect(closed.stream())).rejects.toThrow();
    await other.close();
  });

  test('holds no file open once a stream was canceled, before, during and after its first read', async () => {
    const before = openFiles();
    const locator = await blob(store(), bytes(SIZE));

    await (await store().open(locator, SIZE)).stream().cancel();
    expect(openFiles()).toEqual(before);

    const reader = (await store().open(locator, SIZE)).stream().getReader();
    const first = reader.read();
    await reader.cancel();
    await first;
    expect(openFiles()).toEqual(before);

    const later = (await store().open(locator, SIZE)).stream().getReader();
    await later.read();
    await later.cancel();
    expect(openFiles()).toEqual(before);
  });

  test.each(spans)('pipes bytes %i to %i', async (start, end) => {
    const content = bytes(SIZE);
    const opened = await store().open(await blob(store(), content), SIZE);
    expectBytes(await piped(opened, { start, end }), content.subarray(start, end + 1));
  });

  test('pipes everything when no span is given, and nothing of an empty blob', async () => {
    for (const size of [SIZE, 0]) {
      const content = bytes(size);
      expectBytes(await piped(await store().open(await blob(store(), content), size)), content);
    }
  });

  test('pipes several parts in the order of the call, each after what goes ahead of it, from one open file', async () => {
    const before = openFiles();
    const content = bytes(SIZE);
    const opened = await store().open(await blob(store(), content), SIZE);
    const open = openFiles();
    const parts = [
      { start: SIZE - 10, end: SIZE - 1, ahead: Buffer.from('last') },
      { start: 0, end: 1_000_000, ahead: Buffer.from('first') },
      { start: 1_000_001, end: 1_000_001, ahead: Buffer.alloc(0) },
    ];
    const pieces: Uint8Array[] = [];
    await opened.pipeParts(async (piece) => {
      pieces.push(Uint8Array.from(piece));
      expect(openFiles()).toEqual(open);
    }, parts);
    const expected = parts.flatMap(({ start, end, ahead }) => [ahead, content.subarray(start, end + 1)]);
    expectBytes(Buffer.concat(pieces), Buffer.concat(expected));
    expect(openFiles()).toEqual(before);
  });

  test('rejects parts that are not in the blob, and can still be closed', async () => {
    const opened = await store().open(await blob(store(), bytes(1000)), 1000);
    const part = { start: 999, end: 1000, ahead: Buffer.alloc(0) };
    await expect(opened.pipeParts(async () => {}, [part])).rejects.toThrow(RangeError);
    await opened.close();
  });

  test('aborts when a piece is not taken, with the reason, and keeps no file open', async () => {
    const before = openFiles();
    const locator = await blob(store(), bytes(SIZE));
    const opened = await store().open(locator, SIZE);
    let taken = 0;
    const take = async () => {
      taken += 1;
      throw new Error('The client has gone');
    };
    await expect(opened.pipe(take)).rejects.toThrow('The client has gone');
    expect(taken).toBe(1);
    expect(openFiles()).toEqual(before);

    const again = await store().open(locator, SIZE);
    const parts = [0, 1].map((at) => ({ start: at, end: at, ahead: Buffer.alloc(0) }));
    await expect(again.pipeParts(take, parts)).rejects.toThrow('The client has gone');
    expect(taken).toBe(2);
    expect(openFiles()).toEqual(before);
  });

  test('holds no file open after readers broke off', async () => {
    const before = openFiles();
    const locator = await blob(store(), bytes(SIZE));
    const abort = async () => {
      for await (const chunk of (await store().open(locator, SIZE)).stream()) {
        if (chunk.length > 0) break;
      }
    };
    await Promise.all(Array.from({ length: 50 }, abort));
    expect(openFiles()).toEqual(before);
  });

  test('serves many readers of one blob at the same time', async () => {
    const content = bytes(SIZE);
    const locator = await blob(store(), content);
    const read = async () => digestOf(await contentOf(store(), locator, SIZE));
    expect(new Set(await Promise.all(Array.from({ length: 5 }, read)))).toEqual(new Set([digestOf(content)]));
  });

  test('is able to take and give bytes', async () => {
    await store().check();
    expect(await toArray(store().listPieces())).toEqual([]);
  });
}
