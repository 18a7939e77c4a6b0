import { PassThrough } from 'node:stream';
import { digestOf } from '@mcr/core';
import { locationOf, type OciResponse } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { challengeOf } from '../_util/challenge.ts';
import { expectError } from '../_util/errors.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { testPassword } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const clock = new ManualClock();
const server = useServer({ overrides: { clock } });

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function get(query = '', authorization: string | null = basic('admin', testPassword)): Promise<OciResponse> {
  return server().admin.request('GET', `/v2/token${query}`, { authorization });
}

function post(form: Record<string, string> | string, headers: Record<string, string> = {}): Promise<OciResponse> {
  return server().admin.request('POST', '/v2/token', {
    authorization: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers },
    body: new URLSearchParams(form).toString(),
  });
}

const password = { grant_type: 'password', username: 'admin', password: testPassword };

// https://distribution.github.io/distribution/spec/auth/token/#token-response-fields
describe('a token response is 200 with token, access_token, an integer expires_in and an RFC 3339 issued_at', () => {
  test.each([
    ['GET', () => get('?service=mcr&scope=repository:a/b:pull')],
    ['POST', () => post({ ...password, service: 'mcr', client_id: 'containerd-client' })],
  ])('%s', async (_, ask) => {
    const response = await ask();
    expect(response.status, response.text()).toBe(200);
    expect(response.header('content-type')).toMatch(/^application\/json/);
    expect(response.header('cache-control')).toBe('no-store');
    expect(response.body.length).toBeLessThan(64 * 1024);
    const { token, access_token: same, expires_in: expiresIn, issued_at: issuedAt } = response.json();
    expect(same).toBe(token);
    expect(Number.isInteger(expiresIn)).toBe(true);
    expect(expiresIn).toBeGreaterThanOrEqual(60);
    expect(issuedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
    expect(Math.abs(Date.parse(issuedAt) - clock.now())).toBeLessThan(1_000);
  });
});

// https://distribution.github.io/distribution/spec/auth/oauth/
describe('POST /v2/token works for passwords, and is 404 for all else', () => {
  test('with the form of containerd, whose scope begins with a space', async () => {
    const scope = ' repository:a/b:pull repository:a/b:pull,push repository:src:pull';
    const response = await post({ ...password, scope, client_id: 'containerd-client', access_type: 'offline' });
    expect(response.status, response.text()).toBe(200);
    expect(response.json().access_token).toEqual(expect.any(String));
  });

  test('with a wrong password it is 401, after which clients ask with GET', async () => {
    expectError(await post({ ...password, password: 'wrong' }), 401, 'UNAUTHORIZED');
  });

  test('with Basic credentials beside the form it works as well', async () => {
    const response = await server().admin.request('POST', '/v2/token', {
      authorization: basic('admin', testPassword),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=password&service=mcr',
    });
    expect(response.status, response.text()).toBe(200);
  });

  test.each(['refresh_token', 'authorization_code', ''])('grant_type=%s is 404', async (grant) => {
    expectError(await post({ grant_type: grant, refresh_token: 'x', service: 'mcr' }), 404, 'UNSUPPORTED');
  });

  test('a form without grant_type is 404', async () => {
    expectError(await post({ username: 'admin', password: testPassword }), 404, 'UNSUPPORTED');
  });
});

describe('a token takes the place of a password at the token endpoint, as oras-java sends it', () => {
  const exchanges: [string, (authorization: string) => Promise<OciResponse>][] = [
    ['GET', (authorization) => get('?service=mcr&scope=repository:a/b:pull', authorization)],
    ['POST', (authorization) => postWith(authorization, 'grant_type=password&service=mcr')],
  ];
  const postWith = (authorization: string, body: string) =>
    server().admin.request('POST', '/v2/token', {
      authorization,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
  const tokenOf = async () => (await get()).json() as { token: string; expires_in: number };
  const works = async (token: string) =>
    (await server().admin.request('GET', '/v2/', { authorization: `Bearer ${token}` })).status === 200;

  test.each(exchanges)(
    '%s gives a token of the same account that ends no later, and promises what is left',
    async (_, ask) => {
      const { token, expires_in: promised } = await tokenOf();
      clock.advance(3_600_000);
      const response = await ask(`Bearer ${token}`);
      expect(response.status, response.text()).toBe(200);
      const { token: again, access_token: same, expires_in: left, issued_at: issuedAt } = response.json();
      expect(same).toBe(again);
      expect(left).toBe(promised - 3_600);
      expect(Date.parse(issuedAt)).toBe(clock.now());
      expect(await works(again)).toBe(true);
      clock.advance((left + 14 * 60) * 1_000);
      expect(await works(again)).toBe(true);
      // By now it has a minute, and nothing that is asked of the endpoint makes it more.
      expect((await ask(`Bearer ${again}`)).json().expires_in).toBe(60);
      clock.advance(60_000);
      expect(await works(token)).toBe(false);
      expect(await works(again)).toBe(false);
      expectError(await ask(`Bearer ${again}`), 401, 'UNAUTHORIZED');
    },
  );

  test.each(exchanges)('%s gives one that a logout with either of the two ends', async (_, ask) => {
    const { token } = await tokenOf();
    const { token: again } = (await ask(`Bearer ${token}`)).json();
    const logout = await server().admin.request('POST', '/v1/auth/logout', { authorization: `Bearer ${again}` });
    expect(logout.status).toBe(204);
    expect(await works(token)).toBe(false);
    expect(await works(again)).toBe(false);
    const rejected = await ask(`Bearer ${token}`);
    expectError(rejected, 401, 'UNAUTHORIZED');
    expect(challengeOf(rejected)).toHaveProperty('error', 'invalid_token');
  });

  test.each(exchanges)(
    '%s with bad tokens is neither a login nor a failed one, and delays no login',
    async (_, ask) => {
      const before = (await server().audit()).length;
      for (const bad of ['Bearer garbage', 'Bearer a.b.c', 'Bearer ', 'bearer x', 'Bearer !']) {
        for (let attempt = 0; attempt < 4; attempt += 1) expectError(await ask(bad), 401, 'UNAUTHORIZED');
      }
      const events = await server().audit();
      expect(events.slice(0, events.length - before).filter(({ type }) => type.startsWith('login'))).toEqual([]);
      expect((await get()).status).toBe(200);
    },
  );

  test('the token of an account that was disabled is worth nothing', async () => {
    const id = await server().addAccount('leaver');
    const { token } = (await get('', basic('leaver', testPassword))).json();
    const { store } = server().context.services;
    await store.accounts.update({ id, patch: { enabled: false }, actor: {}, now: clock.now() });
    for (const [, ask] of exchanges) expectError(await ask(`Bearer ${token}`), 401, 'UNAUTHORIZED');
  });

  test('credentials in the form count before a token in the header', async () => {
    const { token } = await tokenOf();
    const form = (password: string) => new URLSearchParams({ grant_type: 'password', username: 'admin', password });
    expectError(await postWith(`Bearer ${token}`, String(form('wrong'))), 401, 'UNAUTHORIZED');
    expect((await postWith('Bearer garbage', String(form(testPassword)))).status).toBe(200);
    expectError(await postWith(`Bearer ${token}`, 'grant_type=refresh_token&refresh_token=x'), 404, 'UNSUPPORTED');
  });
});

describe('there never is a refresh_token', () => {
  test.each([
    ['GET', () => get('?account=admin&client_id=docker&offline_token=true&service=mcr')],
    ['POST', () => post({ ...password, access_type: 'offline', offline_token: 'true' })],
  ])('%s, also when asked for one', async (_, ask) => {
    expect(Object.keys((await ask()).json()).toSorted()).toEqual(['access_token', 'expires_in', 'issued_at', 'token']);
  });
});

// https://distribution.github.io/distribution/spec/auth/scope/
describe('every scope is taken, in whatever form, and bad credentials are 401', () => {
  test.each([
    '?scope=repository:a/b:pull&scope=repository:a/b:pull,push',
    '?scope=repository:a/b:push,pull%20repository:c:pull',
    '?scope=repository:a/b:*',
    '?scope=registry:catalog:*',
    '?scope=&scope=',
    '?scope=nonsense&scope=repository::&scope=%00%ff',
    '?account=admin&client_id=x&unknown=1',
    `?scope=${'repository:a/b:pull%20'.repeat(200)}`,
  ])('%s', async (query) => {
    const response = await get(query);
    expect(response.status, response.text()).toBe(200);
    const list = await server().admin.request('GET', '/v2/_catalog', {
      authorization: `Bearer ${response.json().token}`,
    });
    expect(list.status).toBe(200);
  });

  test.each([
    ['a wrong password', basic('admin', 'wrong')],
    ['an unknown account', basic('anonymous', 'wrong')],
    ['no credentials', null],
  ])('%s', async (_, authorization) => {
    const response = await get('?scope=repository:a/b:pull', authorization);
    expectError(response, 401, 'UNAUTHORIZED');
    challengeOf(response);
  });
});

describe('a token outlives the operation that it was fetched for', () => {
  let token: string;
  let expiresIn: number;

  beforeAll(async () => {
    ({ token, expires_in: expiresIn } = (await get()).json());
  });

  const version = () => server().admin.request('GET', '/v2/', { authorization: `Bearer ${token}` });

  test('it is promised for 15 minutes at least', () => {
    expect(expiresIn).toBeGreaterThanOrEqual(900);
  });

  test('rights are decided on when a request begins, and not when its body ends', async () => {
    const authorization = `Bearer ${token}`;
    const location = locationOf(await server().admin.startUpload('slow/upload', undefined, { authorization }));
    const body = new PassThrough();
    const patched = server().admin.patchUpload(location, body, undefined, { authorization });
    body.write('before ');
    await expect.poll(() => server().context.services.sessions.active, pollOptions).toBe(1);
    clock.advance((expiresIn + 3_600) * 1_000);
    body.end('after');
    expect((await patched).status).toBe(202);
    expect((await version()).status).toBe(401);
    await server().admin.token();
    expect((await server().admin.finishUpload(location, digestOf('before after'))).status).toBe(201);
  });

  test('it is accepted for a while beyond its promised end, and not for long', async () => {
    ({ token } = (await get()).json());
    clock.advance((expiresIn + 14 * 60) * 1_000);
    expect((await version()).status).toBe(200);
    clock.advance(2 * 60 * 1_000);
    expect(challengeOf(await version())).toHaveProperty('error', 'invalid_token');
  });
});

test('a token is at most 1 KiB of characters that fit into a header', async () => {
  const { token } = (await get()).json();
  expect(token.length).toBeLessThanOrEqual(1_024);
  expect(token).toMatch(/^[A-Za-z0-9._~+/=-]+$/);
});
