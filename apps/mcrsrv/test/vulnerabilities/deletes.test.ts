import { blobOf } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const config = blobOf('{}');
const image = imageOf(config);
/** Tags that begin like something else, the one with which the vulnerability let one in among them. */
const tags = ['v1', 'latest', `sha256-${'0'.repeat(64)}`, 'sha256', '_'];

beforeAll(async () => {
  await pushBlobs(server().admin, 'app', config);
  for (const tag of tags) expect((await server().admin.pushManifest('app', tag, image)).status).toBe(201);
});

describe('CVE-2026-41888: where tags cannot be deleted, no way through the registry’s API deletes one', () => {
  test.each([
    ...tags,
    'v%31',
    '%76%31',
    'v1?x=y',
    `v1?digest=${image.digest}`,
    'v1?tag=latest',
    'V1',
    `${image.digest}@v1`,
    'v1/',
  ])('as %s', async (reference) => {
    await leavingNothing(server(), async () => {
      const answer = await server().admin.request('DELETE', `/v2/app/manifests/${reference}`);
      expect([400, 404, 405], String(answer.status)).toContain(answer.status);
    });
    expect((await server().admin.tags('app')).json().tags).toEqual(tags.toSorted());
  });
});
