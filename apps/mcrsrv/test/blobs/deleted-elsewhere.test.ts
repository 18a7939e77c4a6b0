import { blobOf, tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

test('CVE-2026-35172: what was deleted in one repository is gone there at once, and stays in another', async () => {
  await using directory = await tempDirectory();
  const shared = blobOf('shared by two');
  const expectApart = async ({ admin }: TestServer): Promise<void> => {
    expectBodyless(await admin.headBlob('first/app', shared.digest), 404);
    expectError(await admin.getBlob('first/app', shared.digest), 404, 'BLOB_UNKNOWN');
    expect((await admin.headBlob('second/app', shared.digest)).status).toBe(200);
    expect((await admin.getBlob('second/app', shared.digest)).text()).toBe('shared by two');
  };

  await using cleanup = new AsyncDisposableStack();
  const before = cleanup.use(await startTestServer({ directory: directory.path }));
  await pushBlobs(before.admin, 'first/app', shared);
  expect((await before.admin.mountBlob('second/app', shared.digest, 'first/app')).status).toBe(201);
  expect((await before.admin.getBlob('first/app', shared.digest)).status).toBe(200);
  expect((await before.admin.deleteBlob('first/app', shared.digest)).status).toBe(202);
  await expectApart(before);
  const { store, settings, clock } = before.context.services;
  for (const now of [clock.now(), clock.now() + settings.gracePeriod / 2]) {
    await store.gc.review({ now, limit: 100 });
    await expectApart(before);
  }
  await cleanup.disposeAsync();

  await using after = await startTestServer({ directory: directory.path });
  await expectApart(after);
});
