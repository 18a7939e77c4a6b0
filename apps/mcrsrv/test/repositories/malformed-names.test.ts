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
      for (const response of await everyRequestOn(name)) expectError(response, 400, 'NAME_INVALID');
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
  ])('%s is rejected as a path with two meanings', async (name) => {
    await leavingNothing(server(), async () => {
      for (const response of await everyRequestOn(name)) expectError(response, 400, 'UNSUPPORTED');
    });
  });

  test('of the source of a mount opens a session, of which nothing stays once it is cancelled', async () => {
    for (const from of ['App', '%00', '..%2F..%2Fetc', '%ff', '', 'a'.repeat(5_000)]) {
      await leavingNothing(server(), async () => {
        const response = await server().admin.startUpload('app', `mount=${config.digest}&from=${from}`);
        expect(response.status, response.text()).toBe(202);
        expect((await server().admin.cancelUpload(locationOf(response))).status).toBe(204);
      });
    }
  });
});
