import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { BlobStore, UploadPiece } from '../blob-store.ts';
import { UploadMissing } from '../errors.ts';
import { appendTo, bytes, chunked, collect, piecesIn, source, upload, withPiece } from './content.ts';
import { expectBytes } from './expect-bytes.ts';

const MiB = 1024 * 1024;

/** In what stores may differ. */
export interface BlobStoreTraits {
  /** Whether an append writes on behind the last piece of its upload, if it can. */
  readonly extends: boolean;
  /** Whether pieces and blobs lie apart. Where they do not, an only piece becomes the blob, and `list` shows both. */
  readonly apart: boolean;
}

/** Cases about uploads that are not sealed. */
export function uploading(store: () => BlobStore, traits: BlobStoreTraits): void {
  const contentOfPieces = (pieces: readonly UploadPiece[]) => collect(store().read(pieces));
  const broken = new Error('the client went away');

  test.each([
    ['5 MiB and a bit in odd chunks', 5 * MiB + 321, [1, 7, 65_537, MiB + 3, 0, 333]],
    ['a chunk larger than any batch', 3 * MiB, [3 * MiB]],
    ['exactly one MiB', MiB, [64 * 1024]],
    ['many tiny chunks', 20_000, [3]],
    ['one byte', 1, [1]],
  ])('keeps every byte of %s', async (_what, size, lengths) => {
    const content = bytes(size);
    const { piece, error } = await store().append(randomUUID(), chunked(content, lengths));
    expect(error).toBeUndefined();
    expect(piece?.size).toBe(size);
    expect(await store().pieceSize(piece!.locator)).toBe(size);
    expectBytes(await contentOfPieces([piece!]), content);
  });

  test('takes chunks that come several at a time, and gives each back once it is done with it', async () => {
    const content = bytes(3 * MiB + 5);
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunked(content, [16_384, 1, 0])) chunks.push(Uint8Array.from(chunk));
    async function* together() {
      for (let at = 0; at < chunks.length; at += 10) yield chunks.slice(at, at + 10);
    }
    const released: Uint8Array[] = [];
    const release = (given: readonly Uint8Array[]) => {
      for (const chunk of given) {
        released.push(chunk);
        chunk.fill(0);
      }
    };
    const { piece } = await store().append(randomUUID(), together(), { release });
    expectBytes(await contentOfPieces([piece!]), content);
    expect(new Set(released).size).toBe(released.length);
    expect(released.reduce((sum, { length }) => sum + length, 0)).toBe(content.length);
  });

  test.each([
    ['nothing', undefined],
    ['nothing before the source broke off', broken],
  ])('makes no piece of %s', async (_what, error) => {
    const result = await store().append(randomUUID(), source(new Uint8Array(), error));
    expect(result).toEqual(error === undefined ? {} : { error });
    const [piece] = await upload(store(), bytes(10));
    expect(await store().append(randomUUID(), source(new Uint8Array(), error), { after: piece! })).toEqual(result);
    expect(await piecesIn(store(), traits)).toMatchObject([piece]);
  });

  test('continues where the last append ended', async () => {
    const content = bytes(3000);
    const pieces = await upload(store(), content.subarray(0, 1000), content.subarray(1000));
    expect(pieces.map(({ size }) => size)).toEqual(traits.extends ? [3000] : [1000, 2000]);
    expect(store().extendsPieces).toBe(traits.extends);
    expectBytes(await contentOfPieces(pieces), content);
  });

  test('leaves the bytes that are on record as they are, whatever is appended behind an older state', async () => {
    const id = randomUUID();
    const older = await appendTo(store(), id, [], source(bytes(1000)));
    const [newer, other] = [
      await appendTo(store(), id, older, source(bytes(500, 2))),
      await appendTo(store(), id, older, source(bytes(700, 3))),
    ];
    expectBytes(await contentOfPieces(older), bytes(1000));
    expectBytes(await contentOfPieces(newer), Buffer.concat([bytes(1000), bytes(500, 2)]));
    expectBytes(await contentOfPieces(other), Buffer.concat([bytes(1000), bytes(700, 3)]));
  });

  test('lets several requests append behind the same state at the same time', async () => {
    const id = randomUUID();
    const before = await appendTo(store(), id, [], source(bytes(1000)));
    const parts = Array.from({ length: 6 }, (_, index) => bytes(200_000 + index, index + 2));
    const after = await Promise.all(parts.map((part) => appendTo(store(), id, before, chunked(part, [4096]))));
    for (const [index, pieces] of after.entries()) {
      expectBytes(await contentOfPieces(pieces), Buffer.concat([bytes(1000), parts[index]!]));
    }
    expect(new Set(after.map((pieces) => pieces.at(-1)?.locator)).size).toBe(6);
  });

  test.each([
    ['a little', 10],
    ['more than a batch', 2 * MiB + 5],
  ])('keeps what a source gave before it broke off: %s', async (_what, size) => {
    const id = randomUUID();
    const { piece, error } = await store().append(id, source(bytes(size), broken));
    expect(error).toBe(broken);
    const again = await store().append(id, source(bytes(size, 2), broken), { after: piece! });
    expect(again.error).toBe(broken);
    const pieces = await appendTo(store(), id, withPiece([piece!], again.piece), source(bytes(5, 3)));
    expectBytes(await contentOfPieces(pieces), Buffer.concat([bytes(size), bytes(size, 2), bytes(5, 3)]));
  });

  test.each([10, 2 * MiB + 5])(
    'leaves nothing of %i bytes whose error is one of those that reject them',
    async (size) => {
      const id = randomUUID();
      const keeps = (error: unknown) => error !== broken;
      expect(await store().append(id, source(bytes(size), broken), { keeps })).toEqual({ error: broken });
      expect(await piecesIn(store(), traits)).toEqual([]);
      const before = await appendTo(store(), id, [], source(bytes(1000)));
      const [after] = before;
      const rejected = await store().append(id, source(bytes(size), broken), { after: after!, keeps });
      expect(rejected).toEqual({ error: broken });
      expect(await piecesIn(store(), traits)).toMatchObject([after]);
      const pieces = await appendTo(store(), id, before, source(bytes(5, 3)));
      expect(pieces).toHaveLength(traits.extends ? 1 : 2);
      expectBytes(await contentOfPieces(pieces), Buffer.concat([bytes(1000), bytes(5, 3)]));
    },
  );

  test('reads no piece that is gone, or has fewer bytes than are on record', async () => {
    const [piece] = await upload(store(), bytes(1000));
    await expect(contentOfPieces([{ ...piece!, size: 1001 }])).rejects.toThrow(UploadMissing);
    expectBytes(await contentOfPieces([{ ...piece!, size: 999 }]), bytes(1000).subarray(0, 999));
    await store().remove(piece!.locator);
    await expect(contentOfPieces([piece!])).rejects.toThrow(UploadMissing);
    expect(await store().pieceSize(piece!.locator)).toBeUndefined();
  });

  test('appends behind a piece that is gone as behind any other, without bringing it back', async () => {
    const id = randomUUID();
    const [after] = await appendTo(store(), id, [], source(bytes(10)));
    await store().remove(after!.locator);
    const { piece } = await store().append(id, source(bytes(5)), { after: after! });
    expect(piece?.size).toBe(5);
    expect(piece?.locator).not.toBe(after!.locator);
    expect(await store().pieceSize(after!.locator)).toBeUndefined();
  });

  test('lets a reader of pieces stop early', async () => {
    const pieces = await upload(store(), bytes(700_000), bytes(700_000));
    for await (const chunk of store().read(pieces)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });

  test('writes uploads of different ids at the same time', async () => {
    const contents = Array.from({ length: 8 }, (_, index) => bytes(100_000 + index, index));
    const uploads = await Promise.all(contents.map((content) => upload(store(), content)));
    for (const [index, content] of contents.entries()) expectBytes(await contentOfPieces(uploads[index]!), content);
  });

  test('removes a piece, as often as one likes', async () => {
    const [piece] = await upload(store(), bytes(10));
    await store().remove(piece!.locator);
    await store().remove(piece!.locator);
    expect(await piecesIn(store(), traits)).toEqual([]);
  });

  test.each([
    ['one that climbs', '../layers/sha256'],
    ['a UUID that climbs', `../uploads/${randomUUID()}`],
    ['one in upper case', randomUUID().toUpperCase()],
    ['one that a line end follows', `${randomUUID()}\n`],
    ['one that a NUL follows', `${randomUUID()}\0`],
    ['an absolute path', '/etc/passwd'],
    ['an empty one', ''],
  ])('appends to no upload whose id is %s', async (_what, id) => {
    await expect(store().append(id, source(bytes(1)))).rejects.toThrow(TypeError);
  });

  test.each([
    '',
    'uploads',
    'uploads/',
    'uploads/..',
    '../uploads/x',
    `uploads/${randomUUID()}`,
    `uploads/${randomUUID()}.${'a'.repeat(12)}\n`,
    `uploads/../uploads/${randomUUID()}.${'a'.repeat(12)}`,
    `uploads/${randomUUID()}.${'A'.repeat(12)}`,
  ])('knows no piece at %j', async (locator) => {
    expect(await store().pieceSize(locator)).toBeUndefined();
    await expect(contentOfPieces([{ locator, size: 1 }])).rejects.toThrow(UploadMissing);
    await store().remove(locator);
  });
}
