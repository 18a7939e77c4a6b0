import { blobOf, buildImage, locationOf, pushImage, seededBytes, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const resources = new AsyncDisposableStack();
const image = await buildImage({ layers: [seededBytes('min free', 1_000)] });
const blob = blobOf(seededBytes('more', 1_000));
let server: TestServer;
/** Uploads that were begun while there was room: an empty one, and a whole blob. */
let begun: string;
let whole: string;

beforeAll(async () => {
  const { path: directory } = resources.use(await tempDirectory());
  {
    await using roomy = await startTestServer({ directory });
    await pushImage(roomy.admin, 'app', 'v1', image);
    begun = locationOf(await roomy.admin.startUpload('app'));
    const started = await roomy.admin.startUpload('app');
    whole = locationOf(await roomy.admin.patchUpload(locationOf(started), seededBytes('more', 1_000)));
  }
  const env = { MCR_STORAGE_MIN_FREE: '8000TiB', MCR_STORAGE_TAG_DELETE: 'true' };
  server = resources.use(await startTestServer({ directory, env }));
});

afterAll(() => resources.disposeAsync());

describe('with less free space than storage.min_free', () => {
  test.each([
    ['a session', () => server.admin.startUpload('app')],
    ['a blob in one POST', () => server.admin.pushBlob('app', blob, 'post')],
    ['a PATCH', () => server.admin.patchUpload(begun, 'more')],
    ['a PUT with the bytes', () => server.admin.finishUpload(begun, blob.digest, seededBytes('more', 1_000))],
    ['a manifest', () => server.admin.pushManifest('app', 'v2', image.manifest)],
  ])('%s is rejected with 507, and the log says why', async (_, push) => {
    const { message } = expectError(await push(), 507, 'UNAVAILABLE');
    expect(message).toBe('The registry has no space left for pushes; ask its operator');
    expect(JSON.stringify(failuresOf(server).at(-1))).toContain('storage.min_free');
  });

  test('a rejected part leaves the upload as it was', async () => {
    expect((await server.admin.uploadStatus(begun)).header('range')).toBe('0-0');
  });

  test('what needs no more bytes goes on: a mount, and the end of an upload that has them all', async () => {
    expect((await server.admin.mountBlob('other', image.config.digest, 'app')).status).toBe(201);
    expect((await server.admin.finishUpload(whole, blob.digest)).status).toBe(201);
  });

  test('pulls, deletes and garbage collection go on, and the registry is ready', async () => {
    expect((await server.admin.getManifest('app', 'v1')).body.equals(image.manifest.bytes)).toBe(true);
    expect((await server.admin.getBlob('app', image.config.digest)).status).toBe(200);
    expect((await server.admin.deleteManifest('app', 'v1')).status).toBe(202);
    expect((await server.admin.deleteBlob('app', blob.digest)).status).toBe(202);
    expect((await server.admin.request('POST', '/v1/gc')).status).toBe(202);
    expect((await server.admin.request('GET', '/v1/ready')).status).toBe(200);
  });
});
