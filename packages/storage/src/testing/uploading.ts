import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { BlobStore } from '../blob-store.ts';
import { UploadMissing } from '../errors.ts';
import { bytes, chunked, collect, source, toArray, upload } from './content.ts';
import { expectBytes } from './expect-bytes.ts';

const MiB = 1024 * 1024;

/** Cases about uploads that are not sealed. */
export function uploading(store: () => BlobStore): void {
  test('begins an upload without bytes', async () => {
    const id = randomUUID();
    await store().createUpload(id);
    expect(await store().uploadSize(id)).toBe(0);
    expect(await collect(store().readUpload(id, 0))).toHaveLength(0);
  });

  test('does not begin an upload twice', async () => {
    const id = await upload(store(), bytes(10));
    await expect(store().createUpload(id)).rejects.toThrow(id);
    expect(await store().uploadSize(id)).toBe(10);
  });

  test.each([
    ['5 MiB and a bit in odd chunks', 5 * MiB + 321, [1, 7, 65_537, MiB + 3, 0, 333]],
    ['a chunk larger than any batch', 3 * MiB, [3 * MiB]],
    ['exactly one MiB', MiB, [64 * 1024]],
    ['many tiny chunks', 20_000, [3]],
    ['one byte', 1, [1]],
    ['nothing', 0, [1]],
  ])('keeps every byte of %s', async (_what, size, lengths) => {
    const content = bytes(size);
    const id = randomUUID();
    await store().createUpload(id);
    expect(await store().append(id, 0, chunked(content, lengths))).toEqual({ size });
    expect(await store().uploadSize(id)).toBe(size);
    expectBytes(await collect(store().readUpload(id, size)), content);
  });

  test('continues where the last append ended', async () => {
    const content = bytes(3000);
    const id = await upload(store(), content.subarray(0, 1000));
    expect(await store().append(id, 1000, source(content.subarray(1000)))).toEqual({ size: 3000 });
    expectBytes(await collect(store().readUpload(id, 3000)), content);
  });

  test('cuts away what lies beyond the offset of an append', async () => {
    const content = bytes(3000);
    const id = await upload(store(), content);
    expect(await store().append(id, 1000, source(bytes(5, 2)))).toEqual({ size: 1005 });
    expect(await store().uploadSize(id)).toBe(1005);
    const expected = Buffer.concat([content.subarray(0, 1000), bytes(5, 2)]);
    expectBytes(await collect(store().readUpload(id, 1005)), expected);
  });

  test('cuts back to an offset without new bytes', async () => {
    const id = await upload(store(), bytes(3000));
    expect(await store().append(id, 7, source(new Uint8Array()))).toEqual({ size: 7 });
    expect(await store().uploadSize(id)).toBe(7);
  });

  test.each([
    ['a little', 10],
    ['more than a batch', 2 * MiB + 5],
  ])('keeps what a source gave before it broke off: %s', async (_what, size) => {
    const broken = new Error('the client went away');
    const content = bytes(size);
    const id = randomUUID();
    await store().createUpload(id);
    const result = await store().append(id, 0, source(content, broken));
    expect(result.size).toBe(size);
    expect(result.error).toBe(broken);
    expectBytes(await collect(store().readUpload(id, size)), content);
    expect(await store().append(id, size, source(bytes(5)))).toEqual({ size: size + 5 });
  });

  test('rejects appending beyond the end, and takes nothing from the source', async () => {
    const id = await upload(store(), bytes(10));
    let asked = false;
    const untouched = {
      [Symbol.asyncIterator]: () => {
        asked = true;
        return source(bytes(1));
      },
    };
    await expect(store().append(id, 11, untouched)).rejects.toThrow(UploadMissing);
    expect(asked).toBe(false);
    expect(await store().uploadSize(id)).toBe(10);
  });

  test('reads the first bytes of an upload, and no upload that is shorter', async () => {
    const content = bytes(700_000);
    const id = await upload(store(), content);
    expectBytes(await collect(store().readUpload(id, 300_000)), content.subarray(0, 300_000));
    await expect(collect(store().readUpload(id, 700_001))).rejects.toThrow(UploadMissing);
  });

  test('lets a reader of an upload stop early', async () => {
    const id = await upload(store(), bytes(700_000));
    for await (const chunk of store().readUpload(id, 700_000)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });

  test('writes uploads of different ids at the same time', async () => {
    const contents = Array.from({ length: 8 }, (_, index) => bytes(100_000 + index, index));
    const ids = await Promise.all(contents.map((content) => upload(store(), content)));
    for (const [index, content] of contents.entries()) {
      expectBytes(await collect(store().readUpload(ids[index] ?? '', content.length)), content);
    }
  });

  test('forgets a discarded upload, as often as one likes', async () => {
    const id = await upload(store(), bytes(10));
    await store().discardUpload(id);
    await store().discardUpload(id);
    expect(await store().uploadSize(id)).toBeUndefined();
    expect(await toArray(store().listUploads())).toEqual([]);
  });

  const never = [
    ['an unknown one', randomUUID()],
    ['one that climbs', '../layers/sha256'],
    ['a UUID that climbs', `../uploads/${randomUUID()}`],
    ['one in upper case', randomUUID().toUpperCase()],
    ['one that a line end follows', `${randomUUID()}\n`],
    ['one that a NUL follows', `${randomUUID()}\0`],
    ['an absolute path', '/etc/passwd'],
    ['an empty one', ''],
  ] as const;

  test.each(never)('knows no upload of an id that is %s', async (_what, id) => {
    expect(await store().uploadSize(id)).toBeUndefined();
    await expect(store().append(id, 0, source(bytes(1)))).rejects.toThrow(UploadMissing);
    await expect(collect(store().readUpload(id, 0))).rejects.toThrow(UploadMissing);
    await store().discardUpload(id);
  });

  test.each(never.slice(1))('begins no upload with an id that is %s', async (_what, id) => {
    await expect(store().createUpload(id)).rejects.toThrow(TypeError);
  });
}
