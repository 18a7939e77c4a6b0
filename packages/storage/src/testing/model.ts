import { randomUUID } from 'node:crypto';
import { type Digest, digestOf } from '@mcr/core';
import { expect, test } from 'vitest';
import type { BlobStore, Locator } from '../blob-store.ts';
import { bytes, chunked, collect, contentOf, seeded, toArray } from './content.ts';
import { expectBytes } from './expect-bytes.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const STEPS = 120;
const MAX_CHUNK = 90_000;

interface Expected {
  readonly uploads: Map<string, Uint8Array>;
  readonly blobs: Map<Locator, Uint8Array>;
}

/** Random sequences of all verbs against maps in memory; the seed is in the name of a failing case. */
export function model(store: () => BlobStore): void {
  test.each(SEEDS)('does what a model in memory does, with seed %i', async (seed) => {
    const random = seeded(seed);
    const expected: Expected = { uploads: new Map(), blobs: new Map() };
    for (let step = 0; step < STEPS; step += 1) {
      const verb = verbs[Math.floor(random() * verbs.length)];
      await verb?.(store(), expected, random);
    }
    await compare(store(), expected);
  });
}

type Verb = (store: BlobStore, expected: Expected, random: () => number) => Promise<void>;

const create: Verb = async (store, { uploads }) => {
  const id = randomUUID();
  await store.createUpload(id);
  uploads.set(id, new Uint8Array());
};

const append: Verb = async (store, { uploads }, random) => {
  const [id, held] = pick(uploads, random) ?? [];
  if (id === undefined || held === undefined) return;
  const offset = random() < 0.7 ? held.length : Math.floor(random() * (held.length + 1));
  const added = bytes(Math.floor(random() * MAX_CHUNK), Math.floor(random() * 1000));
  const broken = random() < 0.3 ? new Error('broken off') : undefined;
  const lengths = [1 + Math.floor(random() * MAX_CHUNK), 1 + Math.floor(random() * 1000)];
  const result = await store.append(id, offset, breakingOff(chunked(added, lengths), broken));
  expect(result.size).toBe(offset + added.length);
  expect(result.error).toBe(broken);
  uploads.set(id, Buffer.concat([held.subarray(0, offset), added]));
};

const seal: Verb = async (store, { uploads, blobs }, random) => {
  const [id, held] = pick(uploads, random) ?? [];
  if (id === undefined || held === undefined) return;
  // A shared digest now and then, so that blobs get replaced.
  const digest = random() < 0.3 ? (`sha256:${'c'.repeat(64)}` as Digest) : digestOf(held);
  const { locator, isNew } = await store.seal(id, digest, held.length);
  expect(isNew).toBe(!blobs.has(locator));
  blobs.set(locator, held);
};

const discard: Verb = async (store, { uploads }, random) => {
  const id = random() < 0.5 ? pick(uploads, random)?.[0] : undefined;
  await store.discardUpload(id ?? randomUUID());
  if (id !== undefined) uploads.delete(id);
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

const verbs = [create, append, append, append, seal, seal, discard, remove, readSome];

async function compare(store: BlobStore, { uploads, blobs }: Expected): Promise<void> {
  const listed = await toArray(store.list());
  expect(listed.map(({ locator }) => locator)).toEqual([...blobs.keys()].sort());
  const ids = (await toArray(store.listUploads())).map(({ id }) => id);
  expect(ids.sort()).toEqual([...uploads.keys()].sort());
  for (const [locator, content] of blobs) {
    expectBytes(await contentOf(store, locator, content.length), content);
  }
  for (const [id, content] of uploads) {
    expectBytes(await collect(store.readUpload(id, content.length)), content);
  }
}

function pick<K, V>(map: ReadonlyMap<K, V>, random: () => number): [K, V] | undefined {
  return [...map][Math.floor(random() * map.size)];
}

async function* breakingOff(chunks: AsyncIterable<Uint8Array>, error: Error | undefined): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (error !== undefined) throw error;
}
