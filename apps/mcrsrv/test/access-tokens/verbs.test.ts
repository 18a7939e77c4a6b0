import type { OciClient } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, createdBy, json, openWorkers, type Workers } from './_workers.ts';

const day = 86_400_000;
let at: Workers;
let person: OciClient;
beforeAll(async () => {
  at = await openWorkers({ MCR_LIMITS_TOKENS_PER_ACCOUNT: '3', MCR_TOKENS_MAX_TTL: '100d' });
  ({ person } = at);
});
afterAll(() => at?.[Symbol.asyncDispose]());

const create = (fields: object, by = person) => by.request('POST', '/v1/tokens', json(fields));
const messageOf = async (response: ReturnType<OciClient['request']>, status: number): Promise<string> => {
  const got = await response;
  expect(got.status, got.text()).toBe(status);
  return got.json().error;
};
const names = async (path: string, by = person): Promise<string[]> => {
  const response = await by.request('GET', path);
  expect(response.status, response.text()).toBe(200);
  return response.json().tokens.map(({ username, name }: Record<string, string>) => `${username} ${name}`);
};
const at_ = (ms: number) => new Date(at.clock.now() + ms).toISOString();

test('an account creates, lists, rotates and revokes tokens of its own', async () => {
  const response = await create({ name: 'ci', actions: ['registry:pull'], repositories: ['team/**'] });
  expect(response.status, response.text()).toBe(201);
  expect(response.header('cache-control')).toBe('no-store');
  const { id } = createdBy(response);
  const { token } = response.json();
  expect(token).toEqual({
    id,
    name: 'ci',
    account_id: expect.any(String),
    username: 'person',
    actions: ['registry:pull'],
    repositories: ['team/**'],
    scope: 'none',
    expires_at: at_(90 * day),
    created_at: at_(0),
    created_by: token.account_id,
    created_by_name: 'person',
  });
  expect(await names('/v1/tokens')).toEqual(['person ci']);
  await at.later(day);
  const rotated = (await person.request('POST', `/v1/tokens/${id}:rotate`)).json().token;
  expect(rotated).toEqual({ ...token, rotated_at: at_(0), previous_until: at_(day), expires_at: at_(90 * day) });
  expect((await person.request('DELETE', `/v1/tokens/${id}`)).status).toBe(204);
  expect(await names('/v1/tokens')).toEqual([]);
});

test('an admin does so for other accounts, and lists those of all', async () => {
  const { id } = createdBy(await create({ name: 'deploy', account: 'robot' }, at.one.admin));
  createdBy(await create({ name: 'own' }));
  expect(await names('/v1/tokens?account=robot', at.one.admin)).toEqual(['robot deploy']);
  expect(await names('/v1/tokens?all=true', at.one.admin)).toEqual(['person own', 'robot deploy']);
  const first = await at.one.admin.request('GET', '/v1/tokens?all=true&n=1');
  const next = /<([^>]+)>; rel="next"/.exec(first.header('link') ?? '')?.[1] ?? '';
  expect(await names(next, at.one.admin)).toEqual(['robot deploy']);
  expect((await at.one.admin.request('POST', `/v1/tokens/${id}:rotate`)).status).toBe(200);
  expect((await at.one.admin.request('DELETE', `/v1/tokens/${id}`)).status).toBe(204);
  expect(await messageOf(at.one.admin.request('DELETE', `/v1/tokens/${id}`), 404)).toBe('There is no such token');
});

test('an account gets at no token of another one, and does not learn whether there is one', async () => {
  const { id } = createdBy(await create({ name: 'deploy', account: 'robot' }, at.one.admin));
  const denied = 'Requires the admin role';
  for (const target of [id, '00000000-0000-4000-8000-000000000000']) {
    expect(await messageOf(person.request('DELETE', `/v1/tokens/${target}`), 403)).toBe(denied);
    expect(await messageOf(person.request('POST', `/v1/tokens/${target}:rotate`), 403)).toBe(denied);
  }
  for (const account of ['robot', 'no-such-account']) {
    expect(await messageOf(create({ name: 'x', account }), 403)).toBe(denied);
    expect(await messageOf(person.request('GET', `/v1/tokens?account=${account}`), 403)).toBe(denied);
  }
  expect(await messageOf(person.request('GET', '/v1/tokens?all=true'), 403)).toBe(denied);
  await at.one.admin.request('DELETE', `/v1/tokens/${id}`);
});

describe('a token is rejected', () => {
  test.each([
    [{ name: '' }, /^name: must be of letters/],
    [{ name: 'a b' }, /^name: must be of letters/],
    [{ name: 'x', account: 'nobody' }, /^account: there is no account "nobody"$/],
    [{ name: 'x', scope: 'admin' }, /^scope: must be one of none, admin:read, admin:write/],
    [{ name: 'x', actions: ['pull'] }, /^actions/],
    [{ name: 'x', repositories: ['Team/*'] }, /^repositories\.0: .*write "team\/\*"$/],
    [{ name: 'x', secret: 'own' }, /secret/],
  ])('%j', async (fields, message) => {
    expect(await messageOf(create(fields, at.one.admin), 400)).toMatch(message);
  });

  test('whose end has passed, or is later than the configuration allows', async () => {
    expect(await messageOf(create({ name: 'x', expires_at: at_(0) }), 400)).toBe('expires_at: must be in the future');
    const latest = at_(100 * day);
    const late = create({ name: 'x', expires_at: at_(100 * day + 1) });
    expect(await messageOf(late, 400)).toBe(`expires_at: must not be later than ${latest}`);
    const { id } = createdBy(await create({ name: 'x', expires_at: latest }));
    await person.request('DELETE', `/v1/tokens/${id}`);
  });

  test('whose name the account has given already, and beyond the limit of the account', async () => {
    const ids = [];
    for (const name of ['two', 'three']) ids.push(createdBy(await create({ name })).id);
    expect(await messageOf(create({ name: 'two' }), 409)).toMatch(/^person has a token named two already/);
    expect(await messageOf(create({ name: 'four' }), 409)).toMatch(/^person has 3 tokens, which is the limit/);
    for (const id of ids) await person.request('DELETE', `/v1/tokens/${id}`);
  });
});

describe('a token that is used to create another one', () => {
  const withToken = async (fields: object, account?: string) => {
    const { secret, id } = createdBy(await create({ name: 'first', ...fields, account }, at.one.admin));
    const client = at.one.client({ token: secret });
    return {
      client,
      secret,
      [Symbol.asyncDispose]: async () => void (await at.one.admin.request('DELETE', `/v1/tokens/${id}`)),
    };
  };

  test('has to be for everything that its owner may', async () => {
    for (const limits of [{ actions: ['registry:pull'] }, { repositories: ['**'] }]) {
      await using first = await withToken({ scope: 'admin:write', ...limits });
      expect(await messageOf(create({ name: 'second' }, first.client), 403)).toMatch(/^A token for certain actions/);
    }
  });

  test('has to have the scope admin:write', async () => {
    await using first = await withToken({ scope: 'admin:read' });
    const message = await messageOf(create({ name: 'second' }, first.client), 403);
    expect(message).toBe('Requires a token with the scope admin:write');
  });

  test('does not create or rotate one of its account that outlives it', async () => {
    await using first = await withToken({ scope: 'admin:write', expires_at: at_(day) }, 'person');
    const second = await create({ name: 'second' }, first.client);
    expect(second.json().token.expires_at).toBe(at_(day));
    expect(await messageOf(create({ name: 'third', expires_at: at_(day + 1) }, first.client), 400)).toMatch(
      /not be later/,
    );
    const { id } = createdBy(second);
    at.clock.advance(1_000);
    const rotated = await first.client.request('POST', `/v1/tokens/${id}:rotate`);
    expect(rotated.json().token.expires_at).toBe(at_(day - 1_000));
    await person.request('DELETE', `/v1/tokens/${id}`);
  });

  test('is no use where the secret is the password of another account', async () => {
    await using first = await withToken({}, 'robot');
    const login = await at.one.admin.request('GET', '/v2/token', { authorization: basic('person', first.secret) });
    expect(login.status).toBe(401);
  });
});
