import { randomUUID } from 'node:crypto';
import { type OidcProvider, startOidcProvider, tempDirectory, visitProvider } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../_util/manual-clock.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { oidcSection, redirectUrl, signIn } from './_sign-in.ts';

const resources = new AsyncDisposableStack();
let provider: OidcProvider;
let server: TestServer;

beforeAll(async () => {
  provider = resources.use(
    await startOidcProvider({
      redirectUris: [redirectUrl, 'http://127.0.0.1/callback'],
      postLogoutRedirectUris: ['https://ui.example.com/login'],
    }),
  );
  const { path } = resources.use(await tempDirectory());
  const mapping = `scopes = ["openid", "profile", "groups"]
roles = { dev = { groups = ["developers", "team-a"] }, admin = { groups = "operators" } }
require = { groups = ["developers", "operators", "staff"] }
`;
  server = resources.use(await startTestServer({ toml: await oidcSection(path, 'corp', provider, mapping) }));
  for (const [login, groups] of [
    ['ann', ['developers', 'staff']],
    ['olga', ['operators']],
    ['admin', ['staff']],
    ['stranger', []],
    ['blocked', ['staff']],
    ['odd', ['staff']],
    ['anonymous', ['staff']],
  ] as const) {
    provider.people.set(login, { groups, ...(login === 'odd' && { username: 'Odd Name' }) });
  }
});
afterAll(() => resources.disposeAsync());

const begin = async (step: object = {}) => (await signIn(server, { provider: 'corp', ...step })).json();
const visit = (location: string, login: string, until = redirectUrl) =>
  visitProvider(location, { ca: provider.caPem, fields: { login, password: 'x' }, until });

async function signInAs(login: string) {
  const { location, state } = await begin();
  const callback = (await visit(location, login)).search.slice(1);
  return await signIn(server, { state, callback });
}

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const whoAmI = async (token: string) => await server.client({}).request('GET', '/v1/auth/whoami', as(token));

describe('a person who signs in at a provider', () => {
  test('gets a token with the name and the roles that the provider gives', async () => {
    const response = await signInAs('ann');
    expect(response.status, response.text()).toBe(200);
    const { token, principal } = response.json();
    expect(principal).toEqual({
      id: expect.any(String),
      username: 'ann',
      account_type: 'human',
      roles: ['user', 'dev'],
    });
    const who = await whoAmI(token);
    expect(who.json()).toMatchObject({ username: 'ann', roles: ['user', 'dev'] });
    expect((await server.client({}).request('GET', '/v2/_catalog', as(token))).status).toBe(200);
    const [login] = await server.audit('login');
    expect(login).toMatchObject({
      actor: { id: principal.id, name: 'ann' },
      details: { provider: 'corp', subject: 'ann' },
    });
  });

  test('has the roles of the last sign-in', async () => {
    const first = (await signInAs('ann')).json();
    provider.people.set('ann', { groups: ['staff'] });
    const second = (await signInAs('ann')).json();
    expect(second.principal).toMatchObject({ id: first.principal.id, roles: ['user'] });
    expect((await whoAmI(first.token)).json().roles).toEqual(['user']);
    provider.people.set('ann', { groups: ['developers'] });
  });

  test('is an admin where a group says so', async () => {
    const { token } = (await signInAs('olga')).json();
    const listed = await server.client({}).request('GET', '/v1/identities', as(token));
    expect(listed.status, listed.text()).toBe(200);
    expect(listed.json().identities).toContainEqual(
      expect.objectContaining({ provider: 'corp', subject: 'olga', username: 'olga' }),
    );
  });

  test.each([
    [
      'whose groups do not let it in',
      'stranger',
      'You may not use this registry; ask its administrator',
      'condition groups',
    ],
    [
      'whose name a local account has',
      'admin',
      'The name "admin" belongs to another account of this registry; ask its administrator',
      'name taken',
    ],
    [
      'whose name is that of guests',
      'anonymous',
      'The name anonymous is reserved for guests; choose another one at the provider',
      'claim preferred_username',
    ],
    ['whose name is none', 'odd', 'The provider gave no usable name (preferred_username)', 'claim preferred_username'],
  ])('%s is rejected, and told why', async (_, login, message, reason) => {
    const response = await signInAs(login);
    expect(response.status, response.text()).toBe(403);
    expect(response.json().error).toBe(message);
    expect((await server.audit('login_failed'))[0]).toMatchObject({ details: { provider: 'corp', reason } });
  });

  test('who is blocked is rejected at once, and signs in again once that ends', async () => {
    const { token, principal } = (await signInAs('blocked')).json();
    const block = (blocked: boolean) =>
      server.admin.request('PATCH', `/v1/identities/${principal.id}`, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ blocked }),
      });
    expect((await block(true)).json()).toMatchObject({ username: 'blocked', blocked: true });
    expect((await whoAmI(token)).status).toBe(401);
    const rejected = await signInAs('blocked');
    expect(rejected.status).toBe(403);
    expect(rejected.json().error).toMatch(/^Your account is blocked/);
    await block(false);
    expect((await signInAs('blocked')).status).toBe(200);
    expect((await server.admin.request('DELETE', `/v1/identities/${principal.id}`)).status).toBe(204);
    expect((await whoAmI(token)).status).toBe(401);
    expect((await server.admin.request('DELETE', `/v1/identities/${principal.id}`)).status).toBe(404);
  });

  test('has access tokens that end when the person is blocked, has not signed in for long, or is removed', async () => {
    const clock = new ManualClock();
    const { path } = resources.use(await tempDirectory());
    const options = { toml: await oidcSection(path, 'corp', provider), overrides: { clock } };
    await using registry = await startTestServer(options);
    const now = clock.now();
    const person = { id: randomUUID(), provider: 'corp', subject: 'tom', username: 'tom', roles: ['user'], now };
    const { store, signIns } = registry.context.services;
    const identity = await store.identities.signIn({ ...person, attempt: { id: 'a', expiresAt: now } });
    const { token } = await signIns.people.issue(identity);
    const created = await registry.client({}).request('POST', '/v1/tokens', {
      ...as(token),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'laptop', expires_at: new Date(now + 60 * 86_400_000).toISOString() }),
    });
    expect(created.status, created.text()).toBe(201);
    const basic = `Basic ${Buffer.from(`tom:${created.json().secret}`).toString('base64')}`;
    const status = async () => (await registry.client({}).request('GET', '/v2/token', { authorization: basic })).status;
    expect(await status()).toBe(200);
    await store.identities.setBlocked({ id: person.id, blocked: true, actor: {}, now });
    expect(await status()).toBe(401);
    await store.identities.setBlocked({ id: person.id, blocked: false, actor: {}, now });
    clock.advance(31 * 86_400_000);
    expect(await status()).toBe(401);
    await store.identities.signIn({ ...person, now: clock.now(), attempt: { id: 'b', expiresAt: clock.now() } });
    expect(await status()).toBe(200);
    await store.identities.delete({ id: person.id, actor: {}, now });
    expect(await status()).toBe(401);
  });

  test('takes a name that no local account can then have', async () => {
    await signInAs('ann');
    await expect(server.addAccount('ann')).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('can be named in rules', async () => {
    await signInAs('ann');
    const created = await server.admin.request('POST', '/v1/policy/rules', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        priority: 10,
        effect: 'deny',
        description: 'x',
        subject: 'ann',
        actions: ['registry:delete'],
      }),
    });
    expect(created.status, created.text()).toBe(201);
  });

  test('signs out here, and is sent to the provider to sign out there', async () => {
    const { token } = (await signInAs('ann')).json();
    const { signIns, store } = server.context.services;
    const principal = { id: (await store.identities.findByName('ann'))!.id };
    expect(principal.id).toEqual(expect.any(String));
    const location = await signIns.providers.get('corp')!.client.endSessionUrl('https://ui.example.com/login');
    expect(new URL(location!).searchParams.get('post_logout_redirect_uri')).toBe('https://ui.example.com/login');
    expect((await server.client({}).request('POST', '/v1/auth/logout', as(token))).status).toBe(204);
    expect((await whoAmI(token)).status).toBe(401);
  });

  test('comes back to a command line on the loopback', async () => {
    const { location, state } = await begin({ loopback_port: 45_678 });
    const back = await visit(location, 'ann', 'http://127.0.0.1:45678/callback');
    expect((await signIn(server, { state, callback: back.search.slice(1) })).status).toBe(200);
  });
});

describe('a sign-in is rejected', () => {
  test('with a state that was used before, though the provider gives another code', async () => {
    const { location, state } = await begin();
    const callback = (await visit(location, 'ann')).search.slice(1);
    expect((await signIn(server, { state, callback })).status).toBe(200);
    expect((await signIn(server, { state, callback })).status).toBe(401);
    const again = (await visit(location, 'ann')).search.slice(1);
    const response = await signIn(server, { state, callback: again });
    expect(response.status, response.text()).toBe(401);
  });

  test('with the state of another browser, another text, or none', async () => {
    const [mine, other] = [await begin(), await begin()];
    const callback = (await visit(mine.location, 'ann')).search.slice(1);
    for (const state of [other.state, `${mine.state.slice(0, -4)}AAAA`, 'x'.repeat(200)]) {
      expect((await signIn(server, { state, callback })).status).toBe(401);
    }
  });

  test('after ten minutes', async () => {
    const clock = new ManualClock();
    const { path } = resources.use(await tempDirectory());
    await using later = await startTestServer({
      toml: await oidcSection(path, 'corp', provider),
      overrides: { clock },
    });
    const { state } = (await signIn(later, { provider: 'corp' })).json();
    clock.advance(10 * 60_000 + 1_000);
    const response = await signIn(later, { state, callback: 'code=x&state=y' });
    expect(response.status).toBe(401);
    expect(response.json().error).toBe('This sign-in has expired or was completed before; begin again');
  });

  test('when the person declines at the provider', async () => {
    const { state, location } = await begin();
    const expected = new URL(location).searchParams.get('state') ?? '';
    const callback = new URLSearchParams({ error: 'access_denied', state: expected, iss: provider.issuer }).toString();
    expect((await signIn(server, { state, callback })).status).toBe(401);
    expect((await server.audit('login_failed'))[0]?.details['reason']).toBe('access_denied');
  });
});

test('providers that are not there are named', async () => {
  const response = await signIn(server, { provider: 'other' });
  expect(response.status).toBe(404);
  expect(response.json().error).toBe('There is no provider "other"; the providers are corp');
  await using plain = await startTestServer();
  expect((await signIn(plain, {})).json().error).toBe('This registry has no provider to sign in at');
});

test('a provider that is down makes its sign-ins unavailable, and no other login', async () => {
  await using down = await startOidcProvider({ redirectUris: [redirectUrl] });
  const { path } = resources.use(await tempDirectory());
  await using registry = await startTestServer({ toml: await oidcSection(path, 'corp', down) });
  await down.stop();
  const response = await signIn(registry, {});
  expect(response.status).toBe(503);
  expect(response.text()).not.toContain(down.issuer);
  expect((await registry.admin.request('GET', '/v2/')).status).toBe(200);
});
