import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestHex } from '@mcr/core';
import { blobOf, seededBytes, type TestBlob } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { pushBlobs } from '../_util/manifests.ts';
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

  test('is 404 on GET and on ranges, logged once each, and never 200 with too few bytes', async () => {
    await pushBlobs(server().admin, 'app', blob);
    await damage(fileOf(blob));
    const before = failuresOf(server()).length;
    expectError(await server().admin.getBlob('app', blob.digest), 404, 'BLOB_UNKNOWN');
    const headers = { range: 'bytes=0-9' };
    expectError(await server().admin.getBlob('app', blob.digest, { headers }), 404, 'BLOB_UNKNOWN');
    const logged = failuresOf(server()).slice(before);
    expect(logged).toHaveLength(2);
    for (const line of logged)
      expect(line).toMatchObject({ digest: blob.digest, msg: 'blob bytes are missing or damaged' });
  });

  test('is not touched by HEAD, which opens no file', async () => {
    expectBodyless(await server().admin.headBlob('app', blob.digest), 200);
  });

  test.each(['put', 'post', 'stream'] as const)(
    'is healed by a push (%s), also for other repositories',
    async (mode) => {
      await server().admin.mountBlob('app/other', blob.digest, 'app');
      await damage(fileOf(blob));
      expect((await server().admin.pushBlob('app', blob, mode)).status).toBe(201);
      for (const name of ['app', 'app/other']) {
        expect((await server().admin.getBlob(name, blob.digest)).body.equals(bytes)).toBe(true);
      }
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
