import { rm, truncate, writeFile } from 'node:fs/promises';
import type { BlobStore, OpenBlob } from '@mcr/storage';
import { blobFile, blobOf, seededBytes, type TestBlob } from '@mcr/testkit';
import { describe, expect, test, vi } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();

const fileOf = ({ digest }: TestBlob) => blobFile(server().directory, digest);

const damages: Record<string, (file: string) => Promise<void>> = {
  'cut short': (file) => truncate(file, 1_000),
  'cut to nothing': (file) => truncate(file, 0),
  'too long': (file) => truncate(file, 3_000),
  missing: (file) => rm(file, { force: true }),
};

describe.each(Object.entries(damages))('a blob whose file is %s', (what, damage) => {
  const bytes = seededBytes(what, 2_000);
  const blob = blobOf(bytes);
  const image = imageOf(blob);

  test('is found out by GET, logged once, and never 200 with too few bytes', async () => {
    await pushBlobs(server().admin, 'app', blob);
    await damage(fileOf(blob));
    // HEAD opens no file.
    expectBodyless(await server().admin.headBlob('app', blob.digest), 200);
    const before = failuresOf(server()).length;
    expectError(await server().admin.getBlob('app', blob.digest), 404, 'BLOB_UNKNOWN');
    const headers = { range: 'bytes=0-9' };
    expectError(await server().admin.getBlob('app', blob.digest, { headers }), 404, 'BLOB_UNKNOWN');
    const logged = failuresOf(server()).slice(before);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ digest: blob.digest, msg: 'blob bytes are damaged, it is out of service' });
  });

  test('is out of service from then on: for HEAD, for a mount, and for a manifest that names it', async () => {
    expectBodyless(await server().admin.headBlob('app', blob.digest), 404);
    expect((await server().admin.mountBlob('app/other', blob.digest, 'app')).status).toBe(202);
    expectError(await server().admin.pushManifest('app', 'broken', image), 400, 'MANIFEST_BLOB_UNKNOWN');
    expect(await server().context.services.store.blobs.countQuarantined()).toBe(1);
    expect((await server().audit('blob_quarantined'))[0]).toMatchObject({ digest: blob.digest, actor: {} });
  });

  test.each(['put', 'post', 'stream'] as const)(
    'is healed by a push (%s), also for other repositories',
    async (mode) => {
      expect((await server().admin.pushBlob('app', blob)).status).toBe(201);
      await server().admin.mountBlob('app/other', blob.digest, 'app');
      await damage(fileOf(blob));
      expectError(await server().admin.getBlob('app', blob.digest), 404, 'BLOB_UNKNOWN');
      expect((await server().admin.pushBlob('app', blob, mode)).status).toBe(201);
      for (const name of ['app', 'app/other']) {
        expectBodyless(await server().admin.headBlob(name, blob.digest), 200);
        expect((await server().admin.getBlob(name, blob.digest)).body.equals(bytes)).toBe(true);
      }
      expect(await server().context.services.store.blobs.countQuarantined()).toBe(0);
    },
  );
});

test.each([
  ['304', { 'if-none-match': '*' }, 304],
  ['416', { range: 'bytes=99-' }, 416],
])('a %s opens no file: one that is missing is not found out', async (what, headers, status) => {
  const blob = blobOf(`unopened ${what}`);
  await pushBlobs(server().admin, 'app', blob);
  await rm(fileOf(blob));
  const before = failuresOf(server()).length;
  expect((await server().admin.getBlob('app', blob.digest, { headers })).status).toBe(status);
  expect(failuresOf(server()).slice(before)).toEqual([]);
  // What needs the file still finds it out.
  expectError(await server().admin.getBlob('app', blob.digest), 404, 'BLOB_UNKNOWN');
  expect((await server().admin.pushBlob('app', blob)).status).toBe(201);
});

test.each(['put', 'post', 'stream'] as const)(
  'a blob whose bits have flipped, which went unnoticed, is healed by a push (%s)',
  async (mode) => {
    const blob = blobOf('right');
    await pushBlobs(server().admin, 'app', blob);
    await writeFile(fileOf(blob), 'wrong');
    expect((await server().admin.getBlob('app', blob.digest)).text()).toBe('wrong');
    expect((await server().admin.pushBlob('app', blob, mode)).status).toBe(201);
    expect((await server().admin.getBlob('app', blob.digest)).text()).toBe('right');
  },
);

describe('a blob that the disk fails to read', () => {
  const bytes = seededBytes('unreadable', 600_000);
  const blob = blobOf(bytes);
  const failure = () => Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });

  /** Breaks reading while `task` runs. */
  async function whileBroken(open: BlobStore['open'], task: () => Promise<unknown>): Promise<void> {
    const broken = vi.spyOn(server().context.services.blobs, 'open').mockImplementation(open);
    try {
      await task();
    } finally {
      broken.mockRestore();
    }
  }

  test('is 404 when it cannot be opened, and from then on', async () => {
    await pushBlobs(server().admin, 'app', blob);
    await whileBroken(
      () => Promise.reject(failure()),
      async () => expectError(await server().admin.getBlob('app', blob.digest), 404, 'BLOB_UNKNOWN'),
    );
    expectBodyless(await server().admin.headBlob('app', blob.digest), 404);
  });

  test('breaks off when that shows in the middle of a download, and is 404 from then on', async () => {
    await pushBlobs(server().admin, 'app', blob);
    const { blobs } = server().context.services;
    const open = blobs.open.bind(blobs);
    const openToBreak: BlobStore['open'] = async (locator, size, options) => {
      const found = await open(locator, size);
      await found.close();
      const pipe: OpenBlob['pipe'] = async (take) => {
        await take(bytes.subarray(0, 1_000));
        options?.onFailure?.(failure());
        throw failure();
      };
      return { ...found, pipe };
    };
    await whileBroken(openToBreak, async () => {
      await expect(server().admin.getBlob('app', blob.digest)).rejects.toThrow();
    });
    await expect.poll(async () => (await server().admin.headBlob('app', blob.digest)).status, pollOptions).toBe(404);
    expect((await server().audit('blob_quarantined'))[0]).toMatchObject({
      digest: blob.digest,
      details: { damage: 'unreadable' },
    });
    await pushBlobs(server().admin, 'app', blob);
    expect((await server().admin.getBlob('app', blob.digest)).body.equals(bytes)).toBe(true);
  });

  test('stays in service while the disk as a whole is gone, which is no fault of the blob', async () => {
    const { blobs } = server().context.services;
    const check = vi.spyOn(blobs, 'check').mockRejectedValue(failure());
    await whileBroken(
      () => Promise.reject(failure()),
      async () => expectError(await server().admin.getBlob('app', blob.digest), 404, 'BLOB_UNKNOWN'),
    );
    check.mockRestore();
    expectBodyless(await server().admin.headBlob('app', blob.digest), 200);
    expect((await server().admin.hashBlob('app', blob.digest)).digest).toBe(blob.digest);
  });
});
