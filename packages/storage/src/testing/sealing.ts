import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Digest, digestOf, isDigest } from '@mcr/core';
import { expect, test } from 'vitest';
import type { BlobStore } from '../blob-store.ts';
import { BlobMissing, UploadMissing } from '../errors.ts';
import { blob, bytes, collect, contentOf, source, toArray, upload } from './content.ts';
import { expectBytes } from './expect-bytes.ts';

/** Cases about uploads that become blobs, and blobs that go. */
export function sealing(store: () => BlobStore): void {
  test.each(['sha256', 'sha512'] as const)('makes an upload readable under its %s digest', async (algorithm) => {
    const content = bytes(300_000);
    const id = await upload(store(), content);
    const { locator } = await store().seal(id, digestOf(content, algorithm), content.length);
    expectBytes(await contentOf(store(), locator, content.length), content);
    await store().discardUpload(id);
    expectBytes(await contentOf(store(), locator, content.length), content);
  });

  test('leaves the upload its bytes, until that is discarded', async () => {
    const content = bytes(300_000);
    const id = await upload(store(), content);
    const { locator } = await store().seal(id, digestOf(content), content.length);
    await store().remove(locator);
    expect(await store().uploadSize(id)).toBe(content.length);
    expectBytes(await collect(store().readUpload(id, content.length)), content);
    expect(await toArray(store().listUploads())).toMatchObject([{ id }]);
    await store().discardUpload(id);
    expect(await toArray(store().listUploads())).toEqual([]);
  });

  test('seals the same upload again, over its blob or after that was removed', async () => {
    const content = bytes(1000);
    const id = await upload(store(), content);
    const { locator } = await store().seal(id, digestOf(content), 1000);
    expect(await store().seal(id, digestOf(content), 1000)).toEqual({ locator, isNew: false });
    await store().remove(locator);
    expect(await store().seal(id, digestOf(content), 1000)).toEqual({ locator, isNew: true });
    await store().discardUpload(id);
    expectBytes(await contentOf(store(), locator, 1000), content);
    expect(await toArray(store().listUploads())).toEqual([]);
  });

  test.each([
    ['goes on at its end', 1000],
    ['goes on before its end', 300],
    ['begins anew', 0],
  ])('does not change the blob when its upload %s', async (_how, offset) => {
    const [content, more] = [bytes(1000), bytes(500, 2)];
    const id = await upload(store(), content);
    const { locator } = await store().seal(id, digestOf(content), 1000);
    expect(await store().append(id, offset, source(more))).toEqual({ size: offset + 500 });
    expectBytes(await contentOf(store(), locator, 1000), content);
    const other = Buffer.concat([content.subarray(0, offset), more]);
    expectBytes(await collect(store().readUpload(id, other.length)), other);
    const { locator: next } = await store().seal(id, digestOf(other), other.length);
    await store().append(id, 1, source(new Uint8Array()));
    expectBytes(await contentOf(store(), locator, 1000), content);
    expectBytes(await contentOf(store(), next, other.length), other);
    await store().discardUpload(id);
  });

  test('does not change a blob that came in several uploads when one of them goes on', async () => {
    const content = bytes(1000);
    const [first, second] = [await upload(store(), content), await upload(store(), content)];
    const { locator } = await store().seal(first, digestOf(content), 1000);
    expect(await store().seal(second, digestOf(content), 1000)).toEqual({ locator, isNew: false });
    await store().append(first, 10, source(bytes(5, 2)));
    await store().append(second, 0, source(bytes(2000, 3)));
    expectBytes(await contentOf(store(), locator, 1000), content);
  });

  test('seals an empty blob', async () => {
    const locator = await blob(store(), new Uint8Array());
    expectBytes(await contentOf(store(), locator, 0), new Uint8Array());
  });

  test.each([
    ['the wrong bytes', bytes(1000, 2)],
    ['too few bytes', bytes(999)],
    ['too many bytes', bytes(1001)],
  ])('replaces a blob of %s, also while it is being read', async (_what, damaged) => {
    const content = bytes(1000);
    const locator = await blob(store(), damaged, digestOf(content));
    const reader = await store().open(locator, damaged.length);
    const again = await upload(store(), content);
    expect(await store().seal(again, digestOf(content), 1000)).toEqual({ locator, isNew: false });
    expectBytes(await collect(reader.stream()), damaged);
    expectBytes(await contentOf(store(), locator, 1000), content);
    expect(await toArray(store().list())).toMatchObject([{ locator, size: 1000 }]);
  });

  test('counts a blob that came again as sealed now', async () => {
    await blob(store(), bytes(10));
    await setTimeout(20);
    const before = Date.now();
    await blob(store(), bytes(10));
    const [found] = await toArray(store().list());
    expect(found?.sealedAt).toBeGreaterThanOrEqual(before);
    expect(found?.sealedAt).toBeLessThanOrEqual(Date.now());
  });

  test.each([999, 1001])('does not seal an upload of 1000 bytes as %i', async (size) => {
    const content = bytes(1000);
    const id = await upload(store(), content);
    await expect(store().seal(id, digestOf(content), size)).rejects.toThrow(UploadMissing);
    expect(await store().uploadSize(id)).toBe(1000);
    expect(await toArray(store().list())).toEqual([]);
  });

  test('does not seal an upload that never began', async () => {
    await expect(store().seal(randomUUID(), digestOf(''), 0)).rejects.toThrow(UploadMissing);
    await expect(store().seal('../uploads', digestOf(''), 0)).rejects.toThrow(UploadMissing);
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
    const id = await upload(store(), bytes(10));
    await expect(store().seal(id, text as Digest, 10)).rejects.toMatchObject({ code: 'DIGEST_INVALID' });
    expect(await store().uploadSize(id)).toBe(10);
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

  test('takes a removed blob again', async () => {
    const content = bytes(10);
    const locator = await blob(store(), content);
    await store().remove(locator);
    expect(await blob(store(), content)).toBe(locator);
    expectBytes(await contentOf(store(), locator, 10), content);
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

  test('keeps uploads and blobs apart', async () => {
    const id = await upload(store(), bytes(10));
    await expect(store().open(id, 10)).rejects.toThrow(BlobMissing);
    await store().append(id, 10, source(bytes(1)));
    expect(await toArray(store().list())).toEqual([]);
  });
}

/** Digests that share their first two digits. */
function near(index: number): Digest {
  return `sha256:ab${index.toString(16).padStart(62, '0')}` as Digest;
}
