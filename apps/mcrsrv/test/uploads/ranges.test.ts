import { digestOf } from '@mcr/core';
import { blobOf, locationOf } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { leavingNothing, tracesOf } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const config = blobOf('{}');

beforeAll(async () => {
  await pushBlobs(server().admin, 'app', config);
  await server().admin.pushManifest('app', 'v1', imageOf(config));
});

afterAll(() => {
  expect(failuresOf(server())).toEqual([]);
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks
describe('a malformed Content-Range', () => {
  test.each([
    'bytes 0-9/10',
    'bytes=0-9',
    '0-9/10',
    '0-',
    '-9',
    '-',
    '9-0',
    'a-b',
    '0-9,10-19',
    '0 - 9',
    '+0-+9',
    '0x0-0x9',
    '1e0-1e1',
    '0--9',
    '0-9-9',
    '*/10',
    '',
    `0-${'9'.repeat(17)}`,
    `${'9'.repeat(400)}-${'9'.repeat(401)}`,
    '٠-٩',
  ])('%j is 400, and the session lives on untouched', async (range) => {
    const { admin } = server();
    const location = locationOf(await admin.startUpload('app'));
    await admin.patchUpload(location, 'ten bytes.', 0);
    const headers = { 'content-range': Buffer.from(range).toString('latin1') };
    await leavingNothing(server(), async () => {
      for (const response of [
        await admin.patchUpload(location, '0123456789', undefined, { headers }),
        await admin.finishUpload(location, digestOf('x'), '0123456789', { headers }),
        await admin.startUpload('app', `digest=${digestOf('0123456789')}`, { body: '0123456789', headers }),
      ]) {
        expectError(response, 400, 'BLOB_UPLOAD_INVALID');
      }
    });
    expect((await admin.uploadStatus(location)).header('range')).toBe('0-9');
    expect((await admin.finishUpload(location, digestOf('ten bytes.'))).status).toBe(201);
  });

  test('that stands twice is 400', async () => {
    const location = locationOf(await server().admin.startUpload('app'));
    const response = await server().admin.patchUpload(location, '0123456789', undefined, {
      headers: { 'content-range': ['0-9', '0-9'] },
    });
    expectError(response, 400, 'UNSUPPORTED');
    await server().admin.cancelUpload(location);
  });

  test('beyond any disk is 416 and takes nothing', async () => {
    const location = locationOf(await server().admin.startUpload('app'));
    const { MAX_SAFE_INTEGER: max } = Number;
    const headers = { 'content-range': `${max - 9}-${max}` };
    const response = await server().admin.patchUpload(location, '0123456789', undefined, { headers });
    expectError(response, 416, 'BLOB_UPLOAD_INVALID');
    await server().admin.cancelUpload(location);
  });

  test('leaves no file behind once the session is cancelled', async () => {
    const { uploadFiles, uploads } = await tracesOf(server());
    expect({ uploadFiles, uploads }).toEqual({ uploadFiles: [], uploads: 0 });
  });
});
