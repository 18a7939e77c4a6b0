import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestHex } from '@mcr/core';
import { blobOf, seededBytes, type TestBlob } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();

/** Where the plan says that a blob's bytes lie. */
function fileOf({ digest }: TestBlob): string {
  const [algorithm = ''] = digest.split(':');
  const hex = digestHex(digest);
  return join(server().directory, 'layers', algorithm, hex.slice(0, 2), hex);
}

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
    expect(await server().context.services.store.countQuarantined()).toBe(1);
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
      expect(await server().context.services.store.countQuarantined()).toBe(0);
    },
  );
});

test('a blob whose file is there in its size is kept by a push, and the upload goes', async () => {
  const blob = blobOf('kept as it is');
  await pushBlobs(server().admin, 'app', blob);
  await writeFile(fileOf(blob), 'KEPT AS IT IS');
  await pushBlobs(server().admin, 'app', blob);
  expect((await server().admin.getBlob('app', blob.digest)).text()).toBe('KEPT AS IT IS');
});
