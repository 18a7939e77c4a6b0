import { blobOf } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { pushBlobs } from '../_util/manifests.ts';
import { followLinks } from '../_util/oci-pages.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const repositories = ['team/app', 'team/empty', 'team/many'];

beforeAll(async () => {
  for (const name of repositories.toReversed()) await pushBlobs(server().admin, name, blobOf('{}'));
});

// https://distribution.github.io/distribution/spec/api/#listing-repositories
describe('_catalog', () => {
  test('lists the repositories in bytewise order', async () => {
    expect((await server().admin.catalog()).json()).toEqual({ repositories });
  });

  test.each([1, 2, 3, 4])('n=%d gives pages of that many', async (n) => {
    const pages = await followLinks(server().admin, `/v2/_catalog?n=${n}`, 'repositories');
    expect(pages.flat()).toEqual(repositories);
    expect(pages[0]!.length).toBe(Math.min(n, repositories.length));
  });

  test('n=0 is an empty list without a Link, and last is exclusive', async () => {
    const response = await server().admin.catalog('n=0');
    expect(response.json()).toEqual({ repositories: [] });
    expect(response.header('link')).toBeUndefined();
    expect((await server().admin.catalog('last=team/empty')).json()).toEqual({ repositories: ['team/many'] });
  });
});
