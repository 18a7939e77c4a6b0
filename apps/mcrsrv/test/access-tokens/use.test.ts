import { digestOf } from '@mcr/core';
import type { OciResponse } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { challengeOf } from '../_util/challenge.ts';
import { expectError } from '../_util/errors.ts';
import { seedImage } from '../_util/images.ts';
import { logOf } from '../_util/log.ts';
import { basic, type Created, json, openWorkers, type Workers } from './_workers.ts';

let at: Workers;
beforeAll(async () => {
  at = await openWorkers();
  for (const name of ['team/app', 'other/app']) await seedImage(at.one, name, ['v1']);
});
afterAll(() => at?.[Symbol.asyncDispose]());

const form = (fields: Record<string, string>): Promise<OciResponse> =>
  at.one.admin.request('POST', '/v2/token', {
    authorization: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
const exchanges: readonly (readonly [string, (username: string, secret: string) => Promise<OciResponse>])[] = [
  ['GET with Basic credentials', (u, s) => at.one.admin.request('GET', '/v2/token', { authorization: basic(u, s) })],
  ['a form with a password', (username, password) => form({ grant_type: 'password', username, password })],
  ['a form with a refresh token', (_, secret) => form({ grant_type: 'refresh_token', refresh_token: secret })],
];
const exchanged = async ({ secret }: Created, username = 'admin'): Promise<string> => {
  const [, exchange] = exchanges[0]!;
  const response = await exchange(username, secret);
  expect(response.status, response.text()).toBe(200);
  return response.json().token;
};
const ask = async (method: string, path: string, token: string, server = at.one) =>
  await server.admin.request(method, path, { authorization: `Bearer ${token}` });

describe.each(exchanges)('%s', (name, exchange) => {
  test('exchanges an access token for one that works on every worker', async () => {
    const { secret } = await at.create({});
    const response = await exchange('admin', secret);
    expect(response.status, response.text()).toBe(200);
    expect(response.header('cache-control')).toBe('no-store');
    const { token, expires_in: expiresIn } = response.json();
    expect(expiresIn).toBe(8 * 3_600);
    for (const server of [at.one, at.other]) {
      expect((await ask('GET', '/v2/', token, server)).status).toBe(200);
      expect((await ask('GET', '/v2/team/app/manifests/v1', token, server)).status).toBe(200);
    }
    expect(response.json()).not.toHaveProperty('refresh_token');
  });

  test('rejects a secret that is not known, or misspelled, without naming a reason', async () => {
    const { secret } = await at.create({});
    const last = secret.at(-1) === 'x' ? 'y' : 'x';
    for (const bad of [`${secret.slice(0, -1)}${last}`, `${secret}x`, 'mcrp_', `mcrr_${secret.slice(5)}`]) {
      const { message } = expectError(await exchange(`stranger-${name.length}`, bad), 401, 'UNAUTHORIZED');
      expect(message).toMatch(/^The access token is unknown, expired or revoked, or another account has it/);
    }
  });
});

test('an access token is the password of its own account only', async () => {
  const { secret } = await at.create({});
  const [, exchange] = exchanges[0]!;
  expectError(await exchange('person', secret), 401, 'UNAUTHORIZED');
  expect((await exchange('admin', secret)).status).toBe(200);
});

test('the prefix says whose it is: a person, or a robot', async () => {
  expect((await at.create({})).secret).toMatch(/^mcrp_[0-9A-Za-z]{36}$/);
  const { secret } = await at.create({ account: 'robot' });
  expect(secret).toMatch(/^mcrr_[0-9A-Za-z]{36}$/);
  const token = await exchanged({ id: '', secret }, 'robot');
  expect((await ask('GET', '/v2/team/app/manifests/v1', token)).status).toBe(200);
});

test('what a token is exchanged for lasts no longer than the token', async () => {
  const expiresAt = new Date(at.clock.now() + 3_600_000).toISOString();
  const [, exchange] = exchanges[0]!;
  const { secret } = await at.create({ expires_at: expiresAt });
  const { expires_in: promised, token } = (await exchange('admin', secret)).json();
  expect(promised).toBe(3_600 - 15 * 60);
  at.clock.advance(3_599_999);
  expect((await ask('GET', '/v2/', token)).status).toBe(200);
  at.clock.advance(1);
  for (const server of [at.one, at.other]) expect((await ask('GET', '/v2/', token, server)).status).toBe(401);
});

describe('a narrowed token', () => {
  const pull = { actions: ['registry:pull'], repositories: ['team/**'] };

  test.each([
    ['GET', '/v2/', 200],
    ['GET', '/v2/team/app/manifests/v1', 200],
    ['HEAD', '/v2/team/app/manifests/v1', 200],
    ['GET', '/v2/other/app/manifests/v1', 403],
    ['POST', '/v2/team/app/blobs/uploads/', 403],
    ['POST', `/v2/team/app/blobs/uploads/?mount=${digestOf('layer')}&from=other/app`, 403],
    ['DELETE', '/v2/team/app/manifests/v1', 403],
    ['GET', '/v2/_catalog', 403],
    ['GET', '/v1/repositories', 403],
    ['GET', '/v1/statistics', 403],
  ])('of an admin, for pulls from team/**: %s %s is %i', async (method, path, status) => {
    const token = await exchanged(await at.create(pull));
    expect((await ask(method, path, token)).status).toBe(status);
  });

  test('is denied by what the audit log calls the token, and says so', async () => {
    const token = await exchanged(await at.create(pull));
    const { message } = expectError(await ask('GET', '/v2/other/app/manifests/v1', token), 403, 'DENIED');
    expect(message).toBe('Your token is not for registry:pull in repository other/app');
    const [denial] = await at.one.audit('policy_deny');
    expect(denial).toMatchObject({ repository: 'other/app', details: { action: 'registry:pull', rule: 'token' } });
  });

  test('lists in the catalog what it may pull, if it is for the catalog', async () => {
    const actions = ['registry:pull', 'registry:catalog'];
    const token = await exchanged(await at.create({ ...pull, actions }));
    expect((await ask('GET', '/v2/_catalog', token)).json()).toEqual({ repositories: ['team/app'] });
  });

  test('gives its owner no right that the owner lacks', async () => {
    const { secret } = await at.create({ actions: ['registry:pull'] }, at.person);
    const id = (await at.one.context.services.store.accounts.findByName('person'))!.id;
    const deny = await at.one.addRule({ effect: 'deny', subject: id, repositories: ['team/*'] });
    const token = await exchanged({ id: '', secret }, 'person');
    expect((await ask('GET', '/v2/team/app/manifests/v1', token)).status).toBe(403);
    expect((await ask('GET', '/v2/other/app/manifests/v1', token)).status).toBe(200);
    await at.one.context.services.store.policy.deleteRule({ id: deny.id, actor: {}, now: 0 });
  });

  test('never administers, whatever its scope: those verbs concern every repository', async () => {
    const { secret } = await at.create({ repositories: ['team/**'], scope: 'admin:write' });
    for (const [method, path] of [
      ['GET', '/v1/statistics'],
      ['GET', '/v1/accounts'],
      ['DELETE', '/v1/repositories/other/app'],
      ['POST', '/v1/gc'],
    ] as const) {
      expect((await ask(method, path, secret)).status, path).toBe(403);
    }
    const { repositories } = (await ask('GET', '/v1/repositories', secret)).json();
    expect(repositories.map(({ name }: { name: string }) => name)).toEqual(['team/app']);
  });
});

describe('the admin API takes an access token by itself, if it has a scope', () => {
  const requests = [
    ['GET', '/v1/auth/whoami', 200, 200],
    ['GET', '/v1/statistics', 200, 200],
    ['GET', '/v1/openapi.json', 200, 200],
    ['POST', '/v1/auth/logout', 204, 204],
    ['DELETE', '/v1/accounts/unknown', 403, 404],
    ['DELETE', '/v1/policy/rules/999', 403, 404],
  ] as const;

  test.each([
    ['none', () => 403],
    ['admin:read', (read: number) => read],
    ['admin:write', (_: number, write: number) => write],
  ] as const)('with the scope %s', async (scope, statusOf) => {
    const created = await at.create({ scope });
    for (const [method, path, read, write] of requests) {
      const status = statusOf(read, write);
      expect((await ask(method, path, created.secret)).status, path).toBe(status);
      expect((await ask(method, path, await exchanged(created))).status, `exchanged, ${path}`).toBe(status);
    }
    expect((await ask('GET', '/v1/auth/whoami', created.secret)).status, 'a logout leaves it').not.toBe(401);
  });

  test('and a scope that is missing is said', async () => {
    const { secret } = await at.create({ scope: 'admin:read' });
    const denied = await ask('POST', '/v1/snapshots', secret);
    expect(denied.json().error).toBe('Requires a token with the scope admin:write');
    const [event] = await at.one.audit('policy_deny');
    expect(event?.details).toMatchObject({ action: 'create snapshot', rule: 'token scope' });
  });

  test('and a login of the admin API takes it as a password', async () => {
    const login = async (scope: string) => {
      const { secret: password } = await at.create({ scope });
      return await at.one.admin.request('POST', '/v1/auth/login', {
        authorization: null,
        ...json({ username: 'admin', password }),
      });
    };
    const { token } = (await login('admin:read')).json();
    expect((await ask('GET', '/v1/statistics', token)).status).toBe(200);
    expect((await login('none')).json().error).toMatch(/^This access token is for images only/);
  });
});

test('/v2 takes no access token as a bearer token, and says how to use it', async () => {
  const { secret } = await at.create({ scope: 'admin:write' });
  for (const path of ['/v2/', '/v2/team/app/manifests/v1', '/v2/token', '/nowhere']) {
    const rejected = await ask('GET', path, secret);
    expect(challengeOf(rejected)).toHaveProperty('error', 'invalid_token');
    expect(expectError(rejected, 401, 'UNAUTHORIZED').message).toMatch(/use it as the password of its account$/);
  }
});

test('a login with a token is an event that names the token', async () => {
  const { id, secret } = await at.create({ name: 'named' });
  await exchanged({ id, secret });
  const [event] = await at.one.audit('login');
  expect(event).toMatchObject({ actor: { name: 'admin' }, details: { token_id: id, token: 'named' } });
});

test('a secret in the place of a name or in a path is neither in the audit log nor in the log', async () => {
  const { secret } = await at.create({ account: 'robot' });
  const swapped = { authorization: basic(secret, 'x') };
  expect((await at.one.admin.request('GET', '/v2/token', swapped)).status).toBe(401);
  expect((await at.one.admin.request('GET', `/v1/tokens/${secret}?secret=${secret}`)).status).toBeGreaterThan(400);
  const [event] = await at.one.audit('login_failed');
  expect(event).toMatchObject({ actor: { name: 'mcrr_…' } });
  const log = logOf(at.one);
  expect(log.map(({ path }) => path)).toContain('/v1/tokens/mcrr_…');
  expect(JSON.stringify(log)).not.toContain(secret);
});

test('a list shows when and from where a token was used last', async () => {
  const created = await at.create({ name: 'used' });
  const listed = async () => {
    const { tokens } = (await at.one.admin.request('GET', '/v1/tokens?n=1000')).json();
    return tokens.find(({ id }: { id: string }) => id === created.id);
  };
  expect(await listed()).not.toHaveProperty('last_used_at');
  const token = await exchanged(created);
  expect(await listed()).toMatchObject({
    last_used_at: new Date(at.clock.now()).toISOString(),
    last_used_ip: '127.0.0.1',
  });
  at.clock.advance(60_000);
  await ask('GET', '/v2/', token);
  expect((await listed()).last_used_at).toBe(new Date(at.clock.now()).toISOString());
});

test('wrong tokens keep out neither the right ones nor the password of the account, and are slowed down themselves', async () => {
  const { person } = at;
  const { secret } = await at.create({}, person);
  const { id, secret: revoked } = await at.create({}, person);
  await person.request('DELETE', `/v1/tokens/${id}`);
  const [, exchange] = exchanges[0]!;
  // One is on record from the test in which a token of an admin is none of a person.
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 7; attempt += 1) statuses.push((await exchange('person', revoked)).status);
  expect(statuses).toEqual([401, 401, 401, 401, 429, 429, 429]);
  expect((await exchange('person', secret)).status).toBe(200);
  expect((await person.token()).token).toBeDefined();
});
