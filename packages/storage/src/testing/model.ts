import { randomUUID } from 'node:crypto';
import { digestOf } from '@mcr/core';
import { expect, test } from 'vitest';
import type { BlobStore, Locator, UploadPiece } from '../blob-store.ts';
import { bytes, chunked, collect, contentOf, removeAll, seeded, toArray, withPiece } from './content.ts';
import { expectBytes } from './expect-bytes.ts';
import type { BlobStoreTraits } from './uploading.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const STEPS = 120;
const MAX_CHUNK = 90_000;

/** An upload as a row would have it. */
interface ExpectedUpload {
  readonly content: Uint8Array;
  readonly pieces: readonly UploadPiece[];
}

interface Expected {
  readonly uploads: Map<string, ExpectedUpload>;
  readonly blobs: Map<Locator, Uint8Array>;
  /** Pieces that no row lists, because another request was faster. */
  readonly lost: Set<Locator>;
}

/** Random sequences of all verbs against maps in memory; the seed is in the name of a failing case. */
export function model(store: () => BlobStore, { apart }: BlobStoreTraits): void {
  test.each(SEEDS)('does what a model in memory does, with seed %i', async (seed) => {
    const random = seeded(seed);
    const expected: Expected = { uploads: new Map(), blobs: new Map(), lost: new Set() };
    for (let step = 0; step < STEPS; step += 1) {
      const verb = verbs[Math.floor(random() * verbs.length)];
      await verb?.(store(), expected, random);
    }
    await compare(store(), expected, apart);
  });
}

type Verb = (store: BlobStore, expected: Expected, random: () => number) => Promise<void>;

const create: Verb = async (_store, { uploads }) => {
  uploads.set(randomUUID(), { content: new Uint8Array(), pieces: [] });
};

/** One append, or two at the same time behind the same state, of which the first one is recorded. */
const append: Verb = async (store, expected, random) => {
  const [id, before] = pick(expected.uploads, random) ?? [];
  if (id === undefined || before === undefined) return;
  const requests = Array.from({ length: random() < 0.3 ? 2 : 1 }, () => appendOnce(store, id, before, random));
  const [recorded, ...others] = await Promise.all(requests);
  if (recorded !== undefined) expected.uploads.set(id, recorded);
  for (const { pieces } of others) {
    const last = pieces.at(-1)?.locator;
    const isRecorded = recorded?.pieces.some(({ locator }) => locator === last);
    if (last !== undefined && isRecorded !== true) expected.lost.add(last);
  }
};

async function appendOnce(
  store: BlobStore,
  id: string,
  { content, pieces }: ExpectedUpload,
  random: () => number,
): Promise<ExpectedUpload> {
  const added = bytes(Math.floor(random() * MAX_CHUNK), Math.floor(random() * 1000));
  const broken = random() < 0.3 ? new Error('broken off') : undefined;
  const keeps = random() < 0.7;
  const lengths = [1 + Math.floor(random() * MAX_CHUNK), 1 + Math.floor(random() * 1000)];
  const after = pieces.at(-1);
  const options = { keeps: () => keeps, ...(after !== undefined && { after }) };
  const { piece, error } = await store.append(id, breakingOff(chunked(added, lengths), broken), options);
  expect(error).toBe(broken);
  if (broken !== undefined && !keeps) expect(piece).toBeUndefined();
  if (piece === undefined) return { content, pieces };
  return { content: Buffer.concat([content, added]), pieces: withPiece(pieces, piece) };
}

const seal: Verb = async (store, { uploads, blobs }, random) => {
  const [id, upload] = pick(uploads, random) ?? [];
  if (id === undefined || upload === undefined) return;
  const { content, pieces } = upload;
  const { locator } = await store.seal(pieces, digestOf(content), content.length, { verified: random() < 0.5 });
  expect(blobs.has(locator)).toBe(false);
  blobs.set(locator, content);
  // Its row ends with the upload then.
  if (pieces.some((piece) => piece.locator === locator)) uploads.delete(id);
};

const discard: Verb = async (store, { uploads }, random) => {
  const [id, upload] = (random() < 0.5 ? pick(uploads, random) : undefined) ?? [];
  if (id === undefined || upload === undefined) return;
  await removeAll(store, upload.pieces);
  uploads.delete(id);
};

const remove: Verb = async (store, { blobs }, random) => {
  const locator = random() < 0.3 ? pick(blobs, random)?.[0] : undefined;
  if (locator === undefined) return;
  await store.remove(locator);
  blobs.delete(locator);
};

const readSome: Verb = async (store, { blobs }, random) => {
  const [locator, content] = pick(blobs, random) ?? [];
  if (locator === undefined || content === undefined || content.length === 0) return;
  const start = Math.floor(random() * content.length);
  const end = start + Math.floor(random() * (content.length - start));
  const opened = await store.open(locator, content.length);
  expectBytes(await collect(opened.stream({ start, end })), content.subarray(start, end + 1));
};

const verbs = [create, append, append, append, append, seal, seal, discard, remove, readSome];

async function compare(store: BlobStore, { uploads, blobs, lost }: Expected, apart: boolean): Promise<void> {
  const listed = await toArray(store.list());
  const known = [...uploads.values()].flatMap(({ pieces }) => pieces.map(({ locator }) => locator));
  const loose = [...lost, ...known];
  expect(listed.map(({ locator }) => locator)).toEqual([...blobs.keys(), ...(apart ? [] : loose)].toSorted());
  const found = (await toArray(store.listPieces())).map(({ locator }) => locator);
  expect(found.toSorted()).toEqual(apart ? loose.toSorted() : []);
  for (const [locator, content] of blobs) {
    expectBytes(await contentOf(store, locator, content.length), content);
  }
  for (const { content, pieces } of uploads.values()) expectBytes(await collect(store.read(pieces)), content);
}

function pick<K, V>(map: ReadonlyMap<K, V>, random: () => number): [K, V] | undefined {
  return [...map][Math.floor(random() * map.size)];
}

async function* breakingOff(chunks: AsyncIterable<Uint8Array>, error: Error | undefined): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (error !== undefined) throw error;
}
