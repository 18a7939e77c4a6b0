import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { BlobMissing, DiskBlobStore, isOwned, StoreLocked, type UploadPiece } from '@mcr/storage';
import { describe, expect, test } from 'vitest';
import { appendTo, bytes, contentOf, removeAll, source } from '../src/testing/content.ts';
import { expectBytes } from '../src/testing/expect-bytes.ts';
import { type Scratch, scratch } from './_scratch.ts';
import { WriterProcess } from './_writer-process.ts';

describe('a store on disk belongs to one process', () => {
  test('a second opening in the same process is rejected, and changes nothing', async () => {
    await using where = await scratch();
    const store = await DiskBlobStore.open(where);
    await expect(DiskBlobStore.open(where)).rejects.toThrow(StoreLocked);
    await expect(DiskBlobStore.open(where)).rejects.toThrow(where.layersPath);
    await store.close();
    await (await DiskBlobStore.open(where)).close();
  });

  test('another process is rejected until the first has closed the store', async () => {
    await using where = await scratch();
    const store = await DiskBlobStore.open(where);
    await using rejected = WriterProcess.start(where, 'ignore');
    await rejected.take(Number.POSITIVE_INFINITY);
    expect(rejected.acknowledged).toEqual([]);
    await store.close();
    await using welcome = WriterProcess.start(where);
    await welcome.take(1);
    expect(welcome.acknowledged).toEqual(['open']);
  });

  test('rejecting a second opening does not weaken the first', async () => {
    await using where = await scratch();
    const store = await DiskBlobStore.open(where);
    await expect(DiskBlobStore.open(where)).rejects.toThrow(StoreLocked);
    await using rejected = WriterProcess.start(where, 'ignore');
    await rejected.take(Number.POSITIVE_INFINITY);
    expect(rejected.acknowledged).toEqual([]);
    await store.close();
  });

  test('a killed process loses the store at once', async () => {
    await using where = await scratch();
    for (let round = 0; round < 3; round += 1) {
      await using owner = WriterProcess.start(where);
      await owner.take(1);
      await expect(DiskBlobStore.open(where)).rejects.toThrow(StoreLocked);
      await owner.kill();
      expect((await readdir(where.layersPath)).sort()).toEqual(['.owner', 'sha256', 'sha512']);
      expect(isOwned(where.layersPath)).toBe(false);
      await (await DiskBlobStore.open(where)).close();
    }
  });

  test('what else lies at the place of the lock is rejected', async () => {
    await using where = await scratch();
    await mkdir(join(where.layersPath, '.owner'), { recursive: true });
    await expect(DiskBlobStore.open(where)).rejects.toThrow('plain file');
    await using other = await scratch();
    await mkdir(other.layersPath);
    await writeFile(join(other.layersPath, '.owner'), 'something else'.repeat(100));
    await expect(DiskBlobStore.open(other)).rejects.toThrow('not a database');
  });
});

describe('a store that processes share', () => {
  const open = (where: Scratch, shared: boolean) => DiskBlobStore.open({ ...where, shared });

  test('is opened by any number of them, in one process and in several', async () => {
    await using where = await scratch();
    const stores = await Promise.all([1, 2, 3].map(() => open(where, true)));
    await using other = WriterProcess.start(where, 'inherit', true);
    await other.take(3);
    expect(other.acknowledged[0]).toBe('open');
    expect(isOwned(where.layersPath)).toBe(true);
    for (const store of stores) await store.close();
    expect(isOwned(where.layersPath)).toBe(true);
    await other.kill();
    expect(isOwned(where.layersPath)).toBe(false);
  });

  test('is not opened by one that wants it alone, until the last one has closed it', async () => {
    await using where = await scratch();
    const stores = [await open(where, true), await open(where, true)];
    for (const store of stores) {
      await expect(open(where, false)).rejects.toThrow(/storage\.shared = true own the blobs .*; stop them first, or/);
      await store.close();
    }
    await (await open(where, false)).close();
  });

  test('is not opened while a process has it alone, and says what to set', async () => {
    await using where = await scratch();
    const store = await open(where, false);
    await expect(open(where, true)).rejects.toThrow(StoreLocked);
    await expect(open(where, true)).rejects.toThrow(
      /owns the blobs in .* alone; stop it first, or set storage\.shared/,
    );
    expect(isOwned(where.layersPath)).toBe(true);
    await store.close();
    await (await open(where, true)).close();
  });

  test('takes what each of them appends to one upload, and what one wrote the other seals and removes', async () => {
    await using where = await scratch();
    const [one, two] = [await open(where, true), await open(where, true)];
    try {
      const id = '00000000-0000-4000-8000-000000000001';
      let pieces: readonly UploadPiece[] = [];
      for (const [index, store] of [one, two, one].entries()) {
        pieces = await appendTo(store, id, pieces, source(bytes(1000, index)));
      }
      const content = Buffer.concat([0, 1, 2].map((seed) => bytes(1000, seed)));
      const { locator } = await two.seal(pieces, digestOf(content), content.length);
      await removeAll(one, pieces);
      expectBytes(await contentOf(one, locator, content.length), content);
      await one.remove(locator);
      await expect(two.open(locator, content.length)).rejects.toThrow(BlobMissing);
      await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : two).check()));
      expect(await readdir(where.uploadsPath)).toEqual([]);
    } finally {
      await one.close();
      await two.close();
    }
  });
});
