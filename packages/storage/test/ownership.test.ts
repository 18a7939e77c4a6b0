import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskBlobStore, StoreLocked } from '@mcr/storage';
import { describe, expect, test } from 'vitest';
import { scratch } from './_scratch.ts';
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
