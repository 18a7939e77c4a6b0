import { randomUUID } from 'node:crypto';
import { link, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UploadPiece } from '../blob-store.ts';
import { Pieces } from './pieces.ts';
import { WriteGate } from './write-gate.ts';

/** Counts how often bytes and names are made durable. */
class CountingGate extends WriteGate {
  syncs: string[] = [];

  override async syncData(fd: number): Promise<void> {
    this.syncs.push('bytes');
    await super.syncData(fd);
  }

  override async syncDirectory(path: string): Promise<void> {
    this.syncs.push('names');
    await super.syncDirectory(path);
  }
}

let directory: string;
let gate: CountingGate;
let pieces: Pieces;
const id = randomUUID();
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcr-uploads-'));
  gate = new CountingGate(() => {});
  pieces = new Pieces(directory, gate, { extend: true });
});
afterEach(() => rm(directory, { recursive: true }));

async function* bytes(size: number, error?: Error): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(size, 7);
  if (error !== undefined) throw error;
}

async function append(size: number, after?: UploadPiece): Promise<UploadPiece> {
  const { piece } = await pieces.append(id, bytes(size), after === undefined ? {} : { after });
  return piece!;
}

const file = ({ locator }: UploadPiece) => join(directory, locator.slice('uploads/'.length));

describe('a piece that this process wrote', () => {
  test('is written on, which makes its bytes durable again and its name not', async () => {
    const first = await append(5);
    expect(gate.syncs).toEqual(['bytes', 'names']);
    const second = await append(3, first);
    expect(second).toEqual({ locator: first.locator, size: 8 });
    expect(gate.syncs).toEqual(['bytes', 'names', 'bytes']);
    expect(await readdir(directory)).toHaveLength(1);
  });

  test.each<[string, (first: UploadPiece) => unknown]>([
    ['by another process', () => (pieces = new Pieces(directory, gate, { extend: true }))],
    ['since it is to become a blob', (first) => pieces.settle(first)],
    ['since its file is longer than what is on record', (first) => writeFile(file(first), 'longer')],
    ['since its file is shorter than what is on record', (first) => writeFile(file(first), 'x')],
    ['since its file has another name', (first) => link(file(first), join(directory, 'backup'))],
    ['since it was removed', (first) => pieces.remove(first.locator)],
  ])('is not written on %s', async (_why, before) => {
    const first = await append(5);
    await before(first);
    const content = await readFile(file(first)).catch(() => undefined);
    const second = await append(3, first);
    expect(second.locator).not.toBe(first.locator);
    expect(second.size).toBe(3);
    expect(await readFile(file(first)).catch(() => undefined)).toEqual(content);
  });

  test('is not written on behind a size that is not the one it has', async () => {
    const first = await append(5);
    const second = await append(3, first);
    const other = await append(2, first);
    expect(other.locator).not.toBe(second.locator);
    expect((await stat(file(second))).size).toBe(8);
  });

  test('is as it was when an append is rejected or cannot be written, and can be written on', async () => {
    const first = await append(5);
    const rejected = new Error('rejected');
    const options = { after: first, keeps: () => false };
    expect(await pieces.append(id, bytes(3, rejected), options)).toEqual({ error: rejected });
    const unwritable: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ value: { length: 9 } as never }) }),
    };
    await expect(pieces.append(id, unwritable, { after: first })).rejects.toThrow();
    expect((await stat(file(first))).size).toBe(5);
    expect(await append(1, first)).toEqual({ locator: first.locator, size: 6 });
  });

  test('is not written on in a directory that others share', async () => {
    pieces = new Pieces(directory, gate);
    const first = await append(5);
    expect((await append(3, first)).locator).not.toBe(first.locator);
    expect(gate.syncs).toEqual(['bytes', 'names', 'bytes', 'names']);
  });
});

test('nothing is left of a new piece that cannot be written', async () => {
  const unwritable: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => {
      const chunks = [Buffer.alloc(1_000_000), { length: 9 } as never];
      return { next: async () => ({ value: chunks.shift()! }) };
    },
  };
  await expect(pieces.append(id, unwritable, {})).rejects.toThrow();
  expect(await readdir(directory)).toEqual([]);
});

test('a piece that becomes a blob is not made durable again', async () => {
  const first = await append(5);
  gate.syncs = [];
  expect(await pieces.settle(first)).toBe(true);
  expect(gate.syncs).toEqual([]);
});

test.each([
  ['is given the time of now', 1_000, true],
  ['keeps its time when it was written just now', 100, false],
])('a piece that becomes a blob %s', async (_, ageMs, isTouched) => {
  const first = await append(5);
  const before = new Date(Date.now() - ageMs);
  await utimes(file(first), before, before);
  expect(await pieces.settle(first)).toBe(true);
  expect((await stat(file(first))).mtimeMs !== before.getTime()).toBe(isTouched);
});

test('bytes and name of a new piece are made durable at the same time', async () => {
  const named = Promise.withResolvers<void>();
  gate.syncData = () => named.promise;
  gate.syncDirectory = async () => named.resolve();
  expect(await append(5)).toMatchObject({ size: 5 });
});
