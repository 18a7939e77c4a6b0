import { blobOf } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { followLinks } from '../_util/oci-pages.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const config = blobOf('{}');
const manifest = imageOf(config);
const name = 'tags/app';
/** In bytewise order, which is not the alphabet's. */
const tags = ['0', '1.0', 'B', 'Z', '_', 'a', 'a-', 'a.', 'a_', 'aa', 'latest', 'z'];

beforeAll(async () => {
  const { admin } = server();
  for (const repository of [name, 'tags/empty', 'tags/many']) await pushBlobs(admin, repository, config);
  for (const tag of tags.toReversed()) await admin.pushManifest(name, tag, manifest);
});

async function list(query?: string): Promise<string[]> {
  const response = await server().admin.tags(name, query);
  expect(response.status, response.text()).toBe(200);
  expect(response.header('content-type')).toBe('application/json');
  expect(response.json().name).toBe(name);
  return response.json().tags;
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
describe('tags/list', () => {
  test('lists all tags in bytewise order', async () => {
    expect(await list()).toEqual(tags);
  });

  test('of a repository without tags is an empty list', async () => {
    expect((await server().admin.tags('tags/empty')).json()).toEqual({ name: 'tags/empty', tags: [] });
  });

  test('of an unknown repository is 404 NAME_UNKNOWN', async () => {
    expectError(await server().admin.tags('tags/unknown'), 404, 'NAME_UNKNOWN');
  });

  test('HEAD responds with the same headers', async () => {
    const head = await server().admin.request('HEAD', `/v2/${name}/tags/list`);
    const get = await server().admin.tags(name);
    expect(head.status).toBe(200);
    expect(head.header('content-length')).toBe(get.header('content-length'));
  });

  test.each([1, 2, 5, 11, 12, 13])('n=%d gives pages of that many, each with a Link to the next', async (n) => {
    const pages = await followLinks(server().admin, `/v2/${name}/tags/list?n=${n}`, 'tags');
    expect(pages.flat()).toEqual(tags);
    expect(pages.slice(0, -1).every(({ length }) => length === n)).toBe(true);
    expect(pages.at(-1)!.length).toBeGreaterThan(0);
  });

  test('n=0 is an empty list without a Link', async () => {
    const response = await server().admin.tags(name, 'n=0');
    expect(response.json().tags).toEqual([]);
    expect(response.header('link')).toBeUndefined();
  });

  test('no Link stands on the last page', async () => {
    expect((await server().admin.tags(name, `n=${tags.length}`)).header('link')).toBeUndefined();
  });

  test.each([
    ['a', 6],
    ['aaa', 10],
    ['', 0],
    ['zzz', 12],
    ['%C3%A9', 12],
  ])('last=%s, which need not be a tag, goes on behind it', async (last, skipped) => {
    expect(await list(`last=${last}`)).toEqual(tags.slice(skipped));
    expect(await list(`last=${last}&n=2`)).toEqual(tags.slice(skipped, skipped + 2));
  });

  test('without n a list of a thousand is whole, and a longer one has a Link', async () => {
    const many = Array.from({ length: 1_001 }, (_, at) => `t${String(at).padStart(5, '0')}`);
    for (let at = 0; at < many.length; at += 60) {
      const query = many.slice(at, at + 60).map((tag) => `tag=${tag}`);
      await server().admin.pushManifest('tags/many', `${manifest.digest}?${query.join('&')}`, manifest);
    }
    const pages = await followLinks(server().admin, '/v2/tags/many/tags/list', 'tags');
    expect(pages.map(({ length }) => length)).toEqual([1_000, 1]);
    expect(pages.flat()).toEqual(many);
  });
});
