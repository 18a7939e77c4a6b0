import { parseRepositoryName } from '@mcr/core';
import { buildImage, type OciClient, pushImage } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const image = await buildImage({ layers: [{ size: 10 }] });
const secretImage = await buildImage({ layers: [{ size: 11, seed: 'secret' }] });
let reader: OciClient;
let guest: OciClient;

interface Hit {
  readonly kind: string;
  readonly repository?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly username?: string;
}

beforeAll(async () => {
  for (const name of ['team/checkout', 'team/checkout-api', 'checkout', 'x/recheckout']) {
    await pushImage(server().admin, name, '1.0', image);
  }
  await pushImage(server().admin, 'team/checkout', '1.0.1', image);
  await pushImage(server().admin, 'secret/checkout', 'top-secret', secretImage);
  await server().addAccount('reader', { type: 'system' });
  await server().addRule({ accountTypes: ['system'], actions: ['registry:catalog'] });
  await server().addRule({ accountTypes: ['system'], actions: ['registry:pull'], repositories: ['team/**'] });
  await server().addRule({ accountTypes: ['anonymous'], actions: ['registry:pull'], repositories: ['team/checkout'] });
  reader = server().client('reader');
  guest = server().client({ token: 'mcr-guest' });
});

async function find(query: string, client = server().admin, more = ''): Promise<readonly string[]> {
  const response = await client.request('GET', `/v1/search?query=${encodeURIComponent(query)}${more}`);
  expect(response.status, response.text()).toBe(200);
  const { hits } = response.json() as { hits: readonly Hit[] };
  return hits.map(
    ({ repository = '', tag, digest, username }) =>
      username ??
      (tag === undefined ? `${repository}${digest === undefined ? '' : `@${digest}`}` : `${repository}:${tag}`),
  );
}

describe('a search finds', () => {
  test.each([
    [
      'a name: itself, then what begins so, then what has a component that does, then others',
      'checkout',
      ['checkout', 'secret/checkout', 'team/checkout', 'team/checkout-api', 'x/recheckout'],
    ],
    [
      'a pasted command',
      'docker pull registry.example.com/team/checkout:1.0',
      ['team/checkout', 'team/checkout-api', 'team/checkout:1.0', 'team/checkout:1.0.1', 'team/checkout-api:1.0'],
    ],
    ['a tag by its beginning', 'top-', ['secret/checkout:top-secret']],
    ['nothing of what is not there', 'neither/nor:1', []],
    ['an account, for an admin', 'read', ['reader']],
  ])('%s', async (_, query, expected) => {
    expect(await find(query)).toEqual(expected);
  });

  test('a digest by six or more characters of it, with and without its algorithm', async () => {
    const { digest } = secretImage.manifest;
    for (const text of [digest.slice(7, 13), digest.slice(0, 20), digest, `secret/checkout@${digest}`]) {
      expect(await find(text)).toContain(`secret/checkout@${digest}`);
    }
    expect(await find(digest.slice(7, 12))).toEqual([]);
  });
});

describe('a search has nothing but what the caller may pull', () => {
  test.each([
    'checkout',
    'secret/checkout',
    'top-secret',
    'secret/checkout:top-secret',
    secretImage.manifest.digest,
    'reader',
  ])('for %s', async (query) => {
    for (const client of [reader, guest])
      expect((await find(query, client)).join()).not.toMatch(/secret|^checkout|reader/);
  });

  test('and so a secret that exists is like one that does not', async () => {
    for (const client of [reader, guest])
      expect(await find('secret/checkout', client)).toEqual(await find('secret/nothing-here', client));
  });

  test('but all of that', async () => {
    expect(await find('checkout', reader)).toEqual(['team/checkout', 'team/checkout-api']);
    expect(await find('checkout', guest)).toEqual(['team/checkout']);
  });
});

test.each(['', 'x'.repeat(1_025)])('a query of %# is rejected', async (query) => {
  expect((await server().admin.request('GET', `/v1/search?query=${query}`)).status).toBe(400);
});

test('a search among 10,000 repositories reads no more rows than it is allowed to, and returns no more than asked', async () => {
  const { store, clock } = server().context.services;
  await Promise.all(
    Array.from({ length: 10_000 }, (_, at) =>
      store.uploads.create({
        id: `search-${at}`,
        repository: parseRepositoryName(`bulk/n${String(at).padStart(5, '0')}`),
        createdBy: 'x',
        now: clock.now(),
      }),
    ),
  );
  expect(await find('bulk', server().admin, '&limit=3')).toEqual(['bulk/n00000', 'bulk/n00001', 'bulk/n00002']);
  expect(await find('n09999', server().admin, '&limit=3')).toEqual(['bulk/n09999']);
  expect(await find('bulk/n0999', reader)).toEqual([]);
});
