import { digestOf } from '@mcr/core';
import { blobOf, locationOf } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const config = blobOf('{}');
const image = imageOf(config);
const digest = digestOf('x');

beforeAll(async () => {
  await pushBlobs(server().admin, 'app', config);
  await server().admin.pushManifest('app', 'v1', image);
});

afterAll(() => {
  expect(failuresOf(server())).toEqual([]);
});

// The grammar is that of https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests.
describe('CVE-2024-3727: a malformed digest', () => {
  const hex = 'a'.repeat(64);
  const malformed = [
    'sha256:baddigeststring',
    `SHA256:${hex}`,
    `md5:${'a'.repeat(32)}`,
    'sha256+b64u:abc',
    `:${hex}`,
    `sha256:${hex.slice(1)}`,
    `sha256:${hex}a`,
    `sha256:${hex.toUpperCase()}`,
    `sha256:${hex.slice(1)}g`,
    `%20sha256:${hex}`,
    `sha256:${hex.slice(2)}%C3%A9`,
    `sha256:sha256:${hex}`,
    `sha256::${hex}`,
    `sha1:${'a'.repeat(40)}`,
    `sha384:${'a'.repeat(96)}`,
    `sha512:${hex}`,
    `blake3:${hex}`,
    `__proto__:${hex}`,
    `sha256:${hex.repeat(90)}`,
    ':',
    'sha256:',
  ];

  test.each(malformed)('%s is 400 DIGEST_INVALID in every request', async (text) => {
    const { admin } = server();
    const location = locationOf(await admin.startUpload('app'));
    const query = encodeURIComponent(decodeURIComponent(text));
    await leavingNothing(server(), async () => {
      for (const response of [
        await admin.getBlob('app', text),
        await admin.deleteBlob('app', text),
        await admin.getManifest('app', text),
        await admin.pushManifest('app', text, image),
        await admin.deleteManifest('app', text),
        await admin.referrers('app', text),
        await admin.startUpload('app', `digest=${query}`),
        await admin.startUpload('app', `digest=${query}`, { body: 'x' }),
        await admin.startUpload('app', `mount=${query}`),
        await admin.startUpload('app', `mount=${query}&from=app`),
        await admin.request('PUT', `${location}?digest=${query}`, { body: 'x' }),
      ]) {
        expectError(response, 400, 'DIGEST_INVALID');
      }
    });
    expect((await admin.uploadStatus(location)).header('range'), 'the session lives on').toBe('0-0');
    await admin.cancelUpload(location);
  });

  test.each([
    'sha256:../../etc/passwd',
    `sha256:${hex}%0A`,
    `sha256:..%2f${hex}`,
    `sha256:${hex}%00`,
    `sha256:${hex}%5c..`,
  ])('%s in a path is rejected', async (text) => {
    await leavingNothing(server(), async () => {
      const response = await server().admin.getBlob('app', text);
      expect([400, 404]).toContain(response.status);
      expect(response.json().errors).toHaveLength(1);
    });
  });

  test.each(['digest=', 'digest=%00', 'digest=%ff', `digest=${digest}&digest=${digest}`, 'digest=%'])(
    '?%s on the closing request is 400',
    async (query) => {
      const location = locationOf(await server().admin.startUpload('app'));
      await leavingNothing(server(), async () => {
        expectError(await server().admin.request('PUT', `${location}?${query}`, { body: 'x' }), 400, 'DIGEST_INVALID');
      });
      await server().admin.cancelUpload(location);
    },
  );
});
