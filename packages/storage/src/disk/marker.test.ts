import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Scratch, scratch } from '../../test/_scratch.ts';
import { BlobMissing } from '../errors.ts';
import { blob, bytes, removeAll, source, upload } from '../testing/content.ts';
import { DiskBlobInspector } from './disk-blob-inspector.ts';
import { DiskBlobStore } from './disk-blob-store.ts';
import { MARKER_FILE, readStoreId } from './marker.ts';

const id = randomUUID();
let where: Scratch;
let store: DiskBlobStore;

beforeEach(async () => {
  where = await scratch();
  store = await DiskBlobStore.open(where);
  await store.adopt(id);
});
afterEach(async () => {
  await store.close();
  await where[Symbol.asyncDispose]();
});

async function reopen(): Promise<void> {
  await store.close();
  store = await DiskBlobStore.open(where);
}

describe('the id of a store', () => {
  test('is a file that only its owner may read, and nothing else is left', async () => {
    const path = join(where.layersPath, MARKER_FILE);
    expect(await readFile(path, 'utf8')).toBe(`${id}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readdir(where.layersPath)).sort()).toEqual(['.owner', MARKER_FILE, 'sha256', 'sha512']);
  });

  test('is there when the store is opened again, and for who looks beside it', async () => {
    await reopen();
    expect(store.id).toBe(id);
    expect((await DiskBlobInspector.open(where)).id).toBe(id);
  });

  test('goes along with a copy', async () => {
    const layersPath = join(where.root, 'copy');
    await cp(where.layersPath, layersPath, { recursive: true, filter: (name) => !name.endsWith('.owner') });
    expect(await readStoreId(layersPath)).toBe(id);
  });

  test.each(['', 'an id', `${randomUUID()}\n${randomUUID()}\n`])('is rejected as %j', async (text) => {
    await store.close();
    await writeFile(join(where.layersPath, MARKER_FILE), text);
    await expect(DiskBlobStore.open(where)).rejects.toThrow(/\.store-id" must hold the id of a store; restore it/);
    await rm(join(where.layersPath, MARKER_FILE));
    store = await DiskBlobStore.open(where);
    expect(store.id).toBeUndefined();
  });

  test('is not read through a symbolic link', async () => {
    await rename(join(where.layersPath, MARKER_FILE), join(where.root, 'elsewhere'));
    await symlink(join(where.root, 'elsewhere'), join(where.layersPath, MARKER_FILE));
    await reopen();
    expect(store.id).toBeUndefined();
  });
});

/** What may lie at the path of the layers instead of them. */
const others: Record<string, (path: string) => Promise<unknown>> = {
  nothing: async () => {},
  'an empty directory': (path) => mkdir(path),
  'directories without a blob': (path) => mkdir(join(path, 'sha256', 'ab'), { recursive: true }),
  'another store': async (path) => {
    const other = await DiskBlobStore.open({ layersPath: path, uploadsPath: where.uploadsPath });
    await other.adopt(randomUUID());
    await other.close();
  },
};

describe.each(Object.entries(others))('a store in whose place lies %s', (_, lay) => {
  test('neither misses a blob nor takes one, and goes on when it is back', async () => {
    const locator = await blob(store, bytes(100));
    const begun = await upload(store, bytes(10, 2));
    await rename(where.layersPath, join(where.root, 'away'));
    await lay(where.layersPath);
    const attempts = [
      () => store.open(locator, 100),
      () => store.append(randomUUID(), source(bytes(10))),
      () => store.seal(begun, digestOf(bytes(10, 2)), 10),
      () => store.remove(locator),
      () => store.check(),
    ];
    for (const attempt of attempts) {
      const message = expect.stringMatching(/not where it was; ask its operator to mount the disk/);
      await expect(attempt()).rejects.toMatchObject({ code: 'UNAVAILABLE', message });
    }

    await rm(where.layersPath, { recursive: true, force: true });
    await rename(join(where.root, 'away'), where.layersPath);
    await store.check();
    await (await store.open(locator, 100)).close();
    const sealed = await store.seal(begun, digestOf(bytes(10, 2)), 10);
    await (await store.open(sealed.locator, 10)).close();
    await removeAll(store, begun);
    await expect(store.open(locator, 99)).rejects.toThrow(BlobMissing);
  });
});
