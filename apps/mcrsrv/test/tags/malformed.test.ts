import { blobOf } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const config = blobOf('{}');
const image = imageOf(config);

beforeAll(async () => {
  await pushBlobs(server().admin, 'app', config);
  await server().admin.pushManifest('app', 'v1', image);
});

afterAll(() => {
  expect(failuresOf(server())).toEqual([]);
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
      for (const response of [
        await admin.getManifest('app', tag),
        await admin.pushManifest('app', tag, image),
        await admin.pushManifest('app', `${image.digest}?tag=${encodeURIComponent(decodeURIComponent(tag))}`, image),
        await admin.deleteManifest('app', tag),
      ]) {
        expectError(response, 400, 'MANIFEST_INVALID');
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
