import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Digest, digestOf } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { type Scratch, scratch } from '../../test/_scratch.ts';
import { BlobMissing, UploadMissing } from '../errors.ts';
import { blob, bytes, collect, contentOf, source, toArray, upload } from '../testing/content.ts';
import { openFiles } from '../testing/descriptors.ts';
import { expectBytes } from '../testing/expect-bytes.ts';
import { describeBlobStore } from '../testing/index.ts';
import { DiskBlobStore } from './disk-blob-store.ts';

describeBlobStore('DiskBlobStore', async () => {
  const where = await scratch();
  const store = await DiskBlobStore.open(where);
  return {
    store,
    dispose: async () => {
      await store.close();
      const left = [...(await readdir(where.layersPath, { recursive: true })), ...(await readdir(where.uploadsPath))];
      await where[Symbol.asyncDispose]();
      const files = left.filter((name) => name !== '.store-id').sort();
      expect(files, 'files left over').toEqual(['.owner', 'sha256', 'sha512']);
    },
  };
});

async function opened(where: Scratch, onFatal?: (error: Error) => void) {
  const store = await DiskBlobStore.open(onFatal === undefined ? where : { ...where, onFatal });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

const mode = async (path: string) => (await stat(path)).mode & 0o777;
const hex = (digest: Digest) => digest.slice(7);

describe('files', () => {
  test.each(['sha256', 'sha512'] as const)('a %s blob is <alg>/<first two hex>/<hex>', async (algorithm) => {
    await using where = await scratch();
    await using store = await opened(where);
    const content = bytes(1000);
    const digest = digestOf(content, algorithm);
    const locator = await blob(store, content, digest);
    expect(locator).toBe(`${algorithm}/${hex(digest).slice(0, 2)}/${hex(digest)}`);
    expect(store.digestOf(locator)).toBe(digest);
    expect(Buffer.compare(await readFile(join(where.layersPath, locator)), content)).toBe(0);
  });

  test('an upload is a file of its id, until it is discarded', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const id = await upload(store, bytes(1000));
    expect(Buffer.compare(await readFile(join(where.uploadsPath, id)), bytes(1000))).toBe(0);
    await store.discardUpload(id);
    expect(await readdir(where.uploadsPath)).toEqual([]);
  });

  test('only their owner may read them', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const id = await upload(store, bytes(10));
    const locator = await blob(store, bytes(10));
    const file = join(where.layersPath, locator);
    const directories = [where.layersPath, where.uploadsPath, dirname(file), dirname(dirname(file))];
    expect(await Promise.all(directories.map(mode))).toEqual([0o700, 0o700, 0o700, 0o700]);
    const files = [file, join(where.uploadsPath, id), join(where.layersPath, '.owner')];
    expect(await Promise.all(files.map(mode))).toEqual([0o600, 0o600, 0o600]);
  });

  test('a prefix directory goes with its last blob', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const [first, second] = ['0', '1'].map((digit) => `sha256:ab${digit.repeat(62)}` as Digest);
    const one = await blob(store, bytes(10), first);
    const two = await blob(store, bytes(10), second);
    await store.remove(one);
    expect(await readdir(join(where.layersPath, 'sha256'))).toEqual(['ab']);
    await store.remove(two);
    expect(await readdir(join(where.layersPath, 'sha256'))).toEqual([]);
  });

  test('a prefix directory that went away behind the store is made again', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const locator = await blob(store, bytes(10));
    await rm(dirname(join(where.layersPath, locator)), { recursive: true });
    expect(await blob(store, bytes(10))).toBe(locator);
    expectBytes(await contentOf(store, locator, 10), bytes(10));
  });

  test('what is found stays when a store is opened again', async () => {
    await using where = await scratch();
    const store = await DiskBlobStore.open(where);
    const id = await upload(store, bytes(10));
    const locator = await blob(store, bytes(20));
    await store.close();
    await using again = await opened(where);
    expect(await again.uploadSize(id)).toBe(10);
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
    expect(await toArray(store.listUploads())).toEqual([]);
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
  test('an upload is never read or written through one', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const outside = join(where.root, 'outside');
    await writeFile(outside, 'secret');
    const id = randomUUID();
    await symlink(outside, join(where.uploadsPath, id));
    await expect(store.createUpload(id)).rejects.toThrow(id);
    await expect(store.append(id, 0, source(bytes(10)))).rejects.toThrow(UploadMissing);
    await expect(store.seal(id, digestOf('secret'), 6)).rejects.toThrow(UploadMissing);
    await expect(collect(store.readUpload(id, 6))).rejects.toThrow(UploadMissing);
    expect(await store.uploadSize(id)).toBeUndefined();
    expect(await toArray(store.listUploads())).toEqual([]);
    expect(await readFile(outside, 'utf8')).toBe('secret');
  });

  test('a blob is never read through one, and takes its place', async () => {
    await using where = await scratch();
    await using store = await opened(where);
    const outside = join(where.root, 'outside');
    await writeFile(outside, bytes(10));
    const locator = await blob(store, bytes(10));
    await rm(join(where.layersPath, locator));
    await symlink(outside, join(where.layersPath, locator));
    await expect(store.open(locator, 10)).rejects.toThrow(BlobMissing);
    expect(await toArray(store.list())).toEqual([]);
    expect(await blob(store, bytes(10))).toBe(locator);
    expect(await contentOf(store, locator, 10)).toHaveLength(10);
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
    const id = await upload(store, bytes(10));
    await store.close();
    await store.close();
    await expect(store.append(id, 10, source(bytes(1)))).rejects.toThrow('closed');
    await expect(store.check()).rejects.toThrow('closed');
  });

  test('closes only after the writes under way', async () => {
    await using where = await scratch();
    const store = await DiskBlobStore.open(where);
    const id = await upload(store, bytes(10));
    const gate = Promise.withResolvers<void>();
    async function* held() {
      await gate.promise;
      yield bytes(5);
    }
    const appending = store.append(id, 10, held());
    const closing = store.close();
    await expect(DiskBlobStore.open(where)).rejects.toThrow('owns');
    gate.resolve();
    expect(await appending).toEqual({ size: 15 });
    await closing;
    await using _free = await opened(where);
  });
});

describe('an fsync that fails', () => {
  test('is reported once and stops all writes, also those under way, but no reads', async () => {
    await using where = await scratch();
    const reported: Error[] = [];
    await using store = await opened(where, (error) => reported.push(error));
    const locator = await blob(store, bytes(10));
    const id = await upload(store, bytes(10));
    const gate = Promise.withResolvers<void>();
    async function* held() {
      await gate.promise;
      yield bytes(5);
    }
    const underWay = store.append(id, 10, held());

    // A pipe can be opened and holds no bytes, but cannot be synced.
    const pipe = randomUUID();
    execFileSync('mkfifo', [join(where.uploadsPath, pipe)]);
    const failing = () => store.append(pipe, 0, source(new Uint8Array())).catch((error: unknown) => error);
    const [fatal, fatalToo] = await Promise.all([failing(), failing()]);
    gate.resolve();

    expect(fatal).toMatchObject({ message: /restart/, cause: { code: 'EINVAL', syscall: 'fdatasync' } });
    expect(reported).toEqual([fatal]);
    expect(fatalToo).toBe(fatal);
    await expect(underWay).rejects.toBe(fatal);
    await expect(store.append(pipe, 0, source(new Uint8Array()))).rejects.toBe(fatal);
    await expect(store.append(id, 0, source(bytes(1)))).rejects.toBe(fatal);
    await expect(store.seal(id, digestOf(bytes(10)), 10)).rejects.toBe(fatal);
    await expect(store.createUpload(randomUUID())).rejects.toBe(fatal);
    await expect(store.discardUpload(id)).rejects.toBe(fatal);
    await expect(store.remove(locator)).rejects.toBe(fatal);
    await expect(store.check()).rejects.toBe(fatal);
    expect(reported).toHaveLength(1);
    expect(await contentOf(store, locator, 10)).toHaveLength(10);
  });
});
