import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Digest, digestOf } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { type Scratch, scratch } from '../../test/_scratch.ts';
import { BlobMissing, UploadMissing } from '../errors.ts';
import { appendTo, blob, bytes, collect, contentOf, removeAll, source, toArray, upload } from '../testing/content.ts';
import { openFiles } from '../testing/descriptors.ts';
import { expectBytes } from '../testing/expect-bytes.ts';
import { describeBlobStore } from '../testing/index.ts';
import { DiskBlobStore } from './disk-blob-store.ts';

describe.each([false, true])('shared: %s', (shared) => {
  const make = async () => {
    const where = await scratch();
    const store = await DiskBlobStore.open({ ...where, shared });
    return {
      store,
      dispose: async () => {
        await store.close();
        const left = [...(await filesIn(where.layersPath)), ...(await readdir(where.uploadsPath))];
        await where[Symbol.asyncDispose]();
        expect(left, 'files left over').toEqual(['.owner']);
      },
    };
  };
  describeBlobStore('DiskBlobStore', make, { extends: !shared, apart: true });
});

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name !== '.store-id').map(({ name }) => name);
}

async function opened(where: Scratch, onFatal?: (error: Error) => void) {
  const store = await DiskBlobStore.open(onFatal === undefined ? where : { ...where, onFatal });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

const mode = async (path: string) => (await stat(path)).mode & 0o777;
const hex = (digest: Digest) => digest.slice(7);

describe('files', () => {
  test.each(['sha256', 'sha512'] as const)('a %s blob is <alg>/<first two hex>/<hex>.<12 hex>', async (algorithm) => {
    await using where = await scratch();
    await using store = await opened(where);
    const content = bytes(1000);
    const digest = digestOf(content, algorithm);
    const locator = await blob(store, content, digest);
    expect(locator.slice(0, -13)).toBe(`${algorithm}/${hex(digest).slice(0, 2)}/${hex(digest)}`);
    expect(locator).toMatch(/\.[0-9a-f]{12}$/);
    expect(store.digestOf(locator)).toBe(digest);
    expect(Buffer.compare(await readFile(join(where.layersPath, locator)), content)).toBe(0);
  });

  test('a piece is a file of its upload and a name of its own, until it is removed', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const id = randomUUID();
    const [piece] = await appendTo(store, id, [], source(bytes(1000)));
    expect(piece?.locator).toMatch(new RegExp(`^uploads/${id}\\.[0-9a-f]{12}$`));
    expect(Buffer.compare(await readFile(join(where.root, piece!.locator)), bytes(1000))).toBe(0);
    await store.remove(piece!.locator);
    expect(await readdir(where.uploadsPath)).toEqual([]);
  });

  test('blobs and uploads of older versions are read, listed, continued, sealed and removed', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const content = bytes(1000);
    const old = `sha256/${hex(digestOf(content)).slice(0, 2)}/${hex(digestOf(content))}`;
    const piece = { locator: `uploads/${randomUUID()}`, size: 600 };
    await mkdir(join(where.layersPath, dirname(old)));
    await writeFile(join(where.layersPath, old), content);
    await writeFile(join(where.root, piece.locator), content.subarray(0, 700));
    expect(store.digestOf(old)).toBe(digestOf(content));
    expect(await toArray(store.list())).toMatchObject([{ locator: old, size: 1000 }]);
    expect(await toArray(store.listPieces())).toMatchObject([{ locator: piece.locator, size: 700 }]);
    expectBytes(await contentOf(store, old, 1000), content);

    const pieces = await appendTo(store, piece.locator.slice(8), [piece], source(content.subarray(600)));
    expect(pieces.map(({ size }) => size)).toEqual([600, 400]);
    const { locator } = await store.seal(pieces, digestOf(content), 1000);
    expect((await toArray(store.list())).map((found) => found.locator)).toEqual([old, locator]);
    await removeAll(store, [{ locator: old }, ...pieces]);
    expect(await readdir(where.uploadsPath)).toEqual([]);
    expectBytes(await contentOf(store, locator, 1000), content);
  });

  test('only their owner may read them', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const [piece] = await upload(store, bytes(10));
    const locator = await blob(store, bytes(10));
    const file = join(where.layersPath, locator);
    const directories = [where.layersPath, where.uploadsPath, dirname(file), dirname(dirname(file))];
    expect(await Promise.all(directories.map(mode))).toEqual([0o700, 0o700, 0o700, 0o700]);
    const files = [file, join(where.root, piece!.locator), join(where.layersPath, '.owner')];
    expect(await Promise.all(files.map(mode))).toEqual([0o600, 0o600, 0o600]);
  });

  test('a prefix directory stays when its last blob is removed, since another process may count on it', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const locator = await blob(store, bytes(10), `sha256:ab${'0'.repeat(62)}` as Digest);
    await store.remove(locator);
    expect(await readdir(join(where.layersPath, 'sha256'))).toEqual(['ab']);
  });

  test('a prefix directory that went away behind the store is made again', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    await rm(dirname(join(where.layersPath, await blob(store, bytes(10)))), { recursive: true });
    expectBytes(await contentOf(store, await blob(store, bytes(10)), 10), bytes(10));
  });

  test('what is found stays when a store is opened again', async () => {
    await using where = await scratch();
    const store = await DiskBlobStore.open(where);
    const id = randomUUID();
    const pieces = await appendTo(store, id, [], source(bytes(10)));
    const locator = await blob(store, bytes(20));
    await store.close();
    await using again = await opened(where);
    expectBytes(await collect(again.read(pieces)), bytes(10));
    expect(await appendTo(again, id, pieces, source(bytes(5)))).toHaveLength(2);
    expect(await contentOf(again, locator, 20)).toHaveLength(20);
  });

  test.each(['', '..', 'sha256', `sha256/ab/${'c'.repeat(64)}`, `md5/ab/${'ab'.repeat(16)}`])(
    'no digest stands behind "%s"',
    async (text) => {
      await using where = await scratch();
      await using store = await opened(where);
      expect(store.digestOf(text)).toBeUndefined();
    },
  );

  test('foreign files are neither blobs nor uploads', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const digits = 'ab'.repeat(32);
    for (const path of ['sha256/ab/notes.txt', `sha256/ab/${digits}.tmp`, `sha256/cd/${digits}`, `md5/ab/${digits}`]) {
      await mkdir(dirname(join(where.layersPath, path)), { recursive: true });
      await writeFile(join(where.layersPath, path), 'foreign');
    }
    await mkdir(join(where.layersPath, 'sha256/ab', digits));
    await writeFile(join(where.layersPath, 'sha256/ee'), 'foreign');
    await writeFile(join(where.uploadsPath, '.probe'), 'foreign');
    await mkdir(join(where.uploadsPath, randomUUID()));
    expect(await toArray(store.list())).toEqual([]);
    expect(await toArray(store.listPieces())).toEqual([]);
    const { size } = await stat(join(where.layersPath, 'sha256/ab', digits));
    await expect(store.open(`sha256/ab/${digits}`, size)).rejects.toThrow(BlobMissing);
  });

  test('a listing fails when a directory that must be there is not', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    await rm(join(where.layersPath, 'sha512'), { recursive: true });
    await expect(toArray(store.list())).rejects.toThrow('ENOENT');
    await expect(store.check()).rejects.toThrow('ENOENT');
  });

  test('a listing fails at a directory that cannot be read, and does not take it for an empty one', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const locators = [await blob(store, bytes(1)), await blob(store, bytes(2)), await blob(store, bytes(3))].sort();
    const last = join(where.layersPath, dirname(locators[2]!));
    const listing = async () => {
      for await (const { locator } of store.list()) {
        if (locator !== locators[0]) continue;
        await rm(last, { recursive: true });
        await writeFile(last, 'no directory');
      }
    };
    await expect(listing()).rejects.toThrow('ENOTDIR');
  });

  test('a stream fails, and closes its file, when the file has become shorter', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const before = openFiles();
    const locator = await blob(store, bytes(700_000));
    const found = await store.open(locator, 700_000);
    await truncate(join(where.layersPath, locator), 300_000);
    const chunks: Uint8Array[] = [];
    const drain = async () => {
      for await (const chunk of found.stream()) chunks.push(chunk);
    };
    await expect(drain()).rejects.toThrow('ends at byte 300000');
    expectBytes(Buffer.concat(chunks), bytes(700_000).subarray(0, 300_000));
    expect(openFiles()).toEqual(before);
  });
});

describe('CVE-2024-1485: planted symbolic links', () => {
  test('a piece is never read, continued or sealed through one', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const outside = join(where.root, 'outside');
    await writeFile(outside, 'secret');
    const id = randomUUID();
    const [piece] = await appendTo(store, id, [], source(bytes(6)));
    const after = piece!;
    await rm(join(where.root, after.locator));
    await symlink(outside, join(where.root, after.locator));
    await expect(store.seal([after], digestOf('secret'), 6)).rejects.toThrow(UploadMissing);
    await expect(collect(store.read([after]))).rejects.toThrow(UploadMissing);
    expect(await store.pieceSize(after.locator)).toBeUndefined();
    expect(await toArray(store.listPieces())).toEqual([]);
    const { piece: other } = await store.append(id, source(bytes(10)), { after });
    expect(other?.locator).not.toBe(after.locator);
    expect(await readFile(outside, 'utf8')).toBe('secret');
  });

  test('a blob is never read through one', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const outside = join(where.root, 'outside');
    await writeFile(outside, bytes(10));
    const locator = await blob(store, bytes(10));
    await rm(join(where.layersPath, locator));
    await symlink(outside, join(where.layersPath, locator));
    await expect(store.open(locator, 10)).rejects.toThrow(BlobMissing);
    expect(await toArray(store.list())).toEqual([]);
    await store.remove(locator);
    expect(await readFile(outside)).toHaveLength(10);
  });

  test('nothing is placed into a linked directory', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const outside = join(where.root, 'outside');
    await mkdir(outside);
    await symlink(outside, join(where.layersPath, 'sha256/ab'));
    await expect(blob(store, bytes(10), `sha256:${'ab'.repeat(32)}` as Digest)).rejects.toThrow('must be a directory');
    expect(await readdir(outside)).toEqual([]);
    expect(await toArray(store.list())).toEqual([]);
  });
});

describe('opening', () => {
  const otherDevice = '/dev/shm';
  const oneDevice = !existsSync(otherDevice) || statSync(otherDevice).dev === statSync(tmpdir()).dev;

  test.skipIf(oneDevice)('rejects layers and uploads on different devices', async () => {
    await using where = await scratch();
    const uploadsPath = await mkdtemp(join(otherDevice, 'mcr-storage-'));
    try {
      await expect(DiskBlobStore.open({ ...where, uploadsPath })).rejects.toThrow('different devices');
      await using _free = await opened(where);
    } finally {
      await rm(uploadsPath, { recursive: true });
    }
  });

  test('follows links to the directories themselves', async () => {
    await using where = await scratch();
    for (const name of ['layers', 'uploads']) {
      await mkdir(join(where.root, `real-${name}`));
      await symlink(`real-${name}`, join(where.root, name));
    }
    await using store = await opened(where);
    const locator = await blob(store, bytes(10));
    expect(existsSync(join(where.root, 'real-layers', locator))).toBe(true);
  });

  test('takes no writes after it was closed, and can be closed again', async () => {
    await using where = await scratch();
    const store = await DiskBlobStore.open(where);
    await store.close();
    await store.close();
    await expect(store.append(randomUUID(), source(bytes(1)))).rejects.toThrow('closed');
    await expect(store.check()).rejects.toThrow('closed');
  });

  test('closes only after the writes under way', async () => {
    await using where = await scratch();
    const store = await DiskBlobStore.open(where);
    const gate = Promise.withResolvers<void>();
    async function* held() {
      await gate.promise;
      yield bytes(5);
    }
    const appending = store.append(randomUUID(), held());
    const closing = store.close();
    await expect(DiskBlobStore.open(where)).rejects.toThrow('owns');
    gate.resolve();
    expect((await appending).piece?.size).toBe(5);
    await closing;
    await using _free = await opened(where);
  });
});
