import { createCipheriv, randomUUID } from 'node:crypto';
import { type Digest, digestOf } from '@mcr/core';
import type { BlobStore, ByteSpan, Locator, OpenBlob, UploadPiece } from '../blob-store.ts';

/** A generator of numbers in [0, 1) that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes that look random, the same for each seed: a key stream of AES, which fills megabytes in no time. */
export function bytes(size: number, seed = 1): Uint8Array {
  const key = Buffer.alloc(16);
  key.writeUInt32BE(seed);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** Bytes in chunks whose lengths go round through `lengths`, each chunk in memory of its own. */
export async function* chunked(content: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, index = 0; at < content.length; index += 1) {
    const length = lengths[index % lengths.length] ?? content.length;
    yield content.slice(at, at + length);
    at += length;
  }
}

/** Bytes in one chunk, and then, when given, an error. */
export async function* source(content: Uint8Array, error?: Error): AsyncGenerator<Uint8Array> {
  yield content;
  if (error !== undefined) throw error;
}

/** Everything that comes out of an iterable. */
export async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** All bytes of a stream. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await toArray(chunks));
}

/** All bytes of a blob. */
export async function contentOf(store: BlobStore, locator: Locator, size: number): Promise<Uint8Array> {
  return collect((await store.open(locator, size)).stream());
}

/** All bytes that a blob pipes, each piece copied before it is taken: later its memory is used again. */
export async function piped(opened: OpenBlob, span?: ByteSpan): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await opened.pipe(async (piece) => void pieces.push(Uint8Array.from(piece)), span);
  return Buffer.concat(pieces);
}

/** An upload with content in as many pieces as the store makes of these parts; the pieces. */
export async function upload(store: BlobStore, ...parts: readonly Uint8Array[]): Promise<readonly UploadPiece[]> {
  const id = randomUUID();
  let pieces: readonly UploadPiece[] = [];
  for (const part of parts) pieces = await appendTo(store, id, pieces, source(part));
  return pieces;
}

/** Appends to an upload that has these pieces, as the one that records them does; its pieces then. */
export async function appendTo(
  store: BlobStore,
  id: string,
  pieces: readonly UploadPiece[],
  content: AsyncIterable<Uint8Array>,
): Promise<readonly UploadPiece[]> {
  const after = pieces.at(-1);
  const { piece } = await store.append(id, content, after === undefined ? {} : { after });
  return withPiece(pieces, piece);
}

/** Pieces with the one that an append returned. */
export function withPiece(pieces: readonly UploadPiece[], piece: UploadPiece | undefined): readonly UploadPiece[] {
  if (piece === undefined) return pieces;
  return [...pieces.filter(({ locator }) => locator !== piece.locator), piece];
}

/** Removes pieces that have become a blob, apart from one that is the blob itself. */
export async function removeAll(
  store: BlobStore,
  pieces: readonly { readonly locator: Locator }[],
  ...blobs: readonly Locator[]
): Promise<void> {
  for (const { locator } of pieces) if (!blobs.includes(locator)) await store.remove(locator);
}

/** All pieces that the store shows: where they do not lie apart, together with the blobs. */
export async function piecesIn(store: BlobStore, { apart }: { readonly apart: boolean }) {
  if (apart) return await toArray(store.listPieces());
  return (await toArray(store.list())).map(({ locator, size }) => ({ locator, size }));
}

/** The locators of all blobs, in the order of the list; where pieces do not lie apart, without these. */
export async function blobsIn(store: BlobStore, ...pieces: readonly UploadPiece[]): Promise<readonly Locator[]> {
  const known = new Set(pieces.map(({ locator }) => locator));
  return (await toArray(store.list())).map(({ locator }) => locator).filter((locator) => !known.has(locator));
}

/** A sealed blob with content, under its digest unless another is given. */
export async function blob(store: BlobStore, content: Uint8Array, digest?: Digest): Promise<Locator> {
  const pieces = await upload(store, content);
  const options = { verified: digest !== undefined };
  const { locator } = await store.seal(pieces, digest ?? digestOf(content), content.length, options);
  await removeAll(store, pieces, locator);
  return locator;
}
