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

/** Every request that takes a name, as it stands in a path. */
async function everyRequestOn(name: string) {
  const { admin } = server();
  return [
    await admin.request('GET', `/v2/${name}/manifests/v1`),
    await admin.pushManifest(name, 'v1', image),
    await admin.request('DELETE', `/v2/${name}/manifests/v1`),
    await admin.request('GET', `/v2/${name}/blobs/${digest}`),
    await admin.request('DELETE', `/v2/${name}/blobs/${digest}`),
    await admin.request('POST', `/v2/${name}/blobs/uploads/`, { body: 'x' }),
    await admin.request('POST', `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: 'x' }),
    await admin.request('PATCH', `/v2/${name}/blobs/uploads/x`, { body: 'x' }),
    await admin.request('PUT', `/v2/${name}/blobs/uploads/x?digest=${digest}`, { body: 'x' }),
    await admin.request('GET', `/v2/${name}/tags/list`),
    await admin.request('GET', `/v2/${name}/referrers/${digest}`),
  ];
}

describe('a malformed name', () => {
  test.each([
    'App',
    'app-',
    'app..x',
    'app__-x',
    'a%20b',
    'a%22b',
    "a'b",
    'a%3Cb',
    'a%C3%A9',
    'a%E2%80%AEb',
    'app:443',
    'user@app',
    '~app',
    'a;b',
    'a,b',
    'a=b',
    'a*',
    '%F0%9F%90%B3',
    'a'.repeat(256),
    `${'a/'.repeat(128)}a`,
  ])('%s is 400 NAME_INVALID in every request', async (name) => {
    await leavingNothing(server(), async () => {
      for (const answer of await everyRequestOn(name)) expectError(answer, 400, 'NAME_INVALID');
    });
  });

  test.each([
    `${'a/'.repeat(140)}a`,
    `${'a/'.repeat(3_900)}a`,
    'a%0Ab',
    'a%7Fb',
    'a%1fb',
    'app/',
    '/app',
    'a//b',
    '.',
    '..',
    'a/../b',
    '%2e%2e',
    'a%2Fb',
    'a%5Cb',
    'a%00b',
    'a%b',
    'a%zz',
    'a%252e',
  ])('%s is refused as a path with two meanings', async (name) => {
    await leavingNothing(server(), async () => {
      for (const answer of await everyRequestOn(name)) expectError(answer, 400, 'UNSUPPORTED');
    });
  });

  test('of the source of a mount opens a session, of which nothing stays once it is cancelled', async () => {
    for (const from of ['App', '%00', '..%2F..%2Fetc', '%ff', '', 'a'.repeat(5_000)]) {
      await leavingNothing(server(), async () => {
        const answer = await server().admin.startUpload('app', `mount=${config.digest}&from=${from}`);
        expect(answer.status, answer.text()).toBe(202);
        expect((await server().admin.cancelUpload(locationOf(answer))).status).toBe(204);
      });
    }
  });
});

describe('a malformed tag', () => {
  test.each([
    '.v1',
    '-v1',
    'v1!',
    'v%201',
    'v+1',
    'v@1',
    'v%3F1',
    'v%231',
    'v%C3%A9',
    '%40',
    '...',
    'x'.repeat(129),
    'x'.repeat(6_000),
  ])('%s is 400 in every request', async (tag) => {
    const { admin } = server();
    await leavingNothing(server(), async () => {
      for (const answer of [
        await admin.getManifest('app', tag),
        await admin.pushManifest('app', tag, image),
        await admin.pushManifest('app', `${image.digest}?tag=${encodeURIComponent(decodeURIComponent(tag))}`, image),
        await admin.deleteManifest('app', tag),
      ]) {
        expectError(answer, 400, 'MANIFEST_INVALID');
      }
    });
  });

  test.each(['tag=', 'tag=fine&tag=', 'tag=%00', 'tag=%', 'tag=%ff', 'tag=a,b', 'tag=sha256:x'])(
    '?%s is 400, and no tag is set',
    async (query) => {
      await leavingNothing(server(), async () => {
        expectError(
          await server().admin.pushManifest('app', `${image.digest}?${query}`, image),
          400,
          'MANIFEST_INVALID',
        );
      });
    },
  );
});

describe('CVE-2024-3727: a malformed digest', () => {
  const hex = 'a'.repeat(64);
  const malformed = [
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
      for (const answer of [
        await admin.getBlob('app', text),
        await admin.deleteBlob('app', text),
        await admin.getManifest('app', text),
        await admin.pushManifest('app', text, image),
        await admin.deleteManifest('app', text),
        await admin.referrers('app', text),
        await admin.startUpload('app', `digest=${query}`, { body: 'x' }),
        await admin.startUpload('app', `mount=${query}&from=app`),
        await admin.request('PUT', `${location}?digest=${query}`, { body: 'x' }),
      ]) {
        expectError(answer, 400, 'DIGEST_INVALID');
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
  ])('%s in a path is refused', async (text) => {
    await leavingNothing(server(), async () => {
      const answer = await server().admin.getBlob('app', text);
      expect([400, 404]).toContain(answer.status);
      expect(answer.json().errors).toHaveLength(1);
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
