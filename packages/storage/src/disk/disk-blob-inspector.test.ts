import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BlobInspector } from '../blob-inspector.ts';
import { BlobMissing } from '../errors.ts';
import { blob, bytes, collect, toArray, upload } from '../testing/content.ts';
import { DiskBlobInspector } from './disk-blob-inspector.ts';
import { DiskBlobStore } from './disk-blob-store.ts';

let directory: string;
let store: DiskBlobStore;
let inspector: BlobInspector;
const paths = () => ({ layersPath: join(directory, 'layers'), uploadsPath: join(directory, 'uploads') });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcr-storage-'));
  store = await DiskBlobStore.open(paths());
  inspector = await DiskBlobInspector.open(paths());
});

afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

describe('DiskBlobInspector', () => {
  test('sees what the owner of the store has, while the owner has it', async () => {
    const locator = await blob(store, bytes(1_000));
    const [piece] = await upload(store, bytes(10));
    expect(await toArray(inspector.list())).toEqual(await toArray(store.list()));
    expect(await toArray(inspector.listPieces())).toEqual(await toArray(store.listPieces()));
    expect(await inspector.pieceSize(piece!.locator)).toBe(10);
    expect(await inspector.locatorsOf(digestOf(bytes(1_000)))).toEqual([locator]);
    expect(inspector.digestOf(locator)).toBe(digestOf(bytes(1_000)));
    expect(await collect((await inspector.open(locator, 1_000)).stream())).toEqual(bytes(1_000));
    await expect(inspector.open(locator, 999)).rejects.toThrow(BlobMissing);
  });

  test('finds all files of a digest, whatever version made them', async () => {
    const digest = digestOf(bytes(1_000));
    expect(await inspector.locatorsOf(digest)).toEqual([]);
    const locators = [await blob(store, bytes(1_000)), await blob(store, bytes(1_000))];
    const old = locators[0]!.split('.')[0]!;
    await writeFile(join(directory, 'layers', old), 'x');
    await writeFile(join(directory, 'layers', `${old}.not-hex`), 'x');
    expect(await inspector.locatorsOf(digest)).toEqual([old, ...locators.toSorted()]);
  });

  test('gives another identity to bytes that were touched, replaced, or cut', async () => {
    const identities = new Set<string | undefined>();
    const look = async () => identities.add((await inspector.stat(locator))?.identity);
    const locator = await blob(store, bytes(1_000));
    const file = join(directory, 'layers', locator);
    await utimes(file, 1, 1);
    await look();
    await look();
    expect(identities.size).toBe(1);
    await utimes(file, 2, 2);
    await look();
    await truncate(file, 10);
    await look();
    await rm(file);
    await writeFile(file, bytes(1_000));
    await look();
    expect(identities.size).toBe(4);
  });

  test('says nothing of what is not there, and of what is no blob', async () => {
    await writeFile(join(directory, 'layers', 'note'), 'x');
    for (const locator of [`sha256/ab/ab${'0'.repeat(62)}`, 'note', '../uploads', '']) {
      expect(await inspector.stat(locator)).toBeUndefined();
    }
  });

  test.each(['layers', 'uploads'])('does not open without a directory of %s, and makes none', async (name) => {
    await store.close();
    await rm(join(directory, name), { recursive: true });
    await expect(DiskBlobInspector.open(paths())).rejects.toThrow(/cannot be read; mount its disk/);
    expect(await readdir(directory)).not.toContain(name);
  });

  test('does not open a directory that was never a store', async () => {
    await store.close();
    await rm(join(directory, 'layers', 'sha256'), { recursive: true });
    await expect(DiskBlobInspector.open(paths())).rejects.toThrow(/is no directory of blobs; mount its disk/);
  });
});

describe('DiskBlobStore', () => {
  test('reports bytes that are removed while they are streamed', async () => {
    const content = bytes(1_000_000);
    const locator = await blob(store, content);
    const failures: unknown[] = [];
    const opened = await store.open(locator, content.length, { onFailure: (error) => failures.push(error) });
    const reader = opened.stream().getReader();
    await reader.read();
    await truncate(join(directory, 'layers', locator), 300_000);
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow(BlobMissing);
    expect(failures).toMatchObject([{ name: 'BlobMissing' }]);
  });

  test('says how many bytes there are instead', async () => {
    const locator = await blob(store, bytes(10), digestOf('x'));
    await expect(store.open(locator, 11)).rejects.toMatchObject({ found: 10 });
    await store.remove(locator);
    await expect(store.open(locator, 11)).rejects.toMatchObject({ name: 'BlobMissing', found: undefined });
  });
});
