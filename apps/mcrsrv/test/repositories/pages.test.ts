import { digestOf } from '@mcr/core';
import { blobOf } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
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

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
const lists = ['/v2/app/tags/list', '/v2/_catalog', `/v2/app/referrers/${digestOf('x')}`];

describe.each(lists)('CVE-2023-2253: %s', (path) => {
  test.each(['-1', '', '1e400', '1.5', '0x10', 'NaN', 'Infinity', 'ten', '%205', '+5', '5%00', '%D9%A5', '5;6', '-0'])(
    'n=%s is 400',
    async (n) => {
      expectError(await server().admin.request('GET', `${path}?n=${n.replace('+', '%2B')}`), 400, 'UNSUPPORTED');
    },
  );

  test.each(['n=10&n=20', 'n=5&n=5', 'last=a&last=b', `last=${'a'.repeat(513)}`, 'last=%00', 'last=a%0Db'])(
    '%s is 400',
    async (query) => {
      expectError(await server().admin.request('GET', `${path}?${query}`), 400, 'UNSUPPORTED');
    },
  );

  test.each([String(2 ** 31), '9223372036854775808', '9'.repeat(400), '1000000000', '00000001'])(
    'n=%s is a page of at most a thousand',
    async (n) => {
      const before = process.memoryUsage().rss;
      const response = await server().admin.request('GET', `${path}?n=${n}`);
      expect(response.status, response.text()).toBe(200);
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    },
  );

  test('n=0 is an empty page without a Link', async () => {
    const response = await server().admin.request('GET', `${path}?n=0`);
    expect(response.status).toBe(200);
    expect(response.text()).toMatch(/"(tags|repositories|manifests)":\[\]/);
    expect(response.header('link')).toBeUndefined();
  });

  test.each(["last=' OR 1=1 --", 'last=%25', 'last=_', 'last=%F0%9F%90%B3', 'last=%ff', 'last=%', 'last=\\'])(
    '%s is taken as text',
    async (query) => {
      const response = await server().admin.request('GET', `${path}?${query.replaceAll(' ', '%20')}`);
      expect(response.status, response.text()).toBe(200);
    },
  );
});

test('artifactType occurs at most once', async () => {
  const response = await server().admin.referrers('app', digestOf('x'), 'artifactType=a&artifactType=b');
  expectError(response, 400, 'UNSUPPORTED');
});
