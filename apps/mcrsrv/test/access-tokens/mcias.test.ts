import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FakeMcias, startFakeMcias, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../_util/manual-clock.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { basic, createdBy, json } from './_workers.ts';

const day = 86_400_000;
const clock = new ManualClock();
const alice = { username: 'alice', id: 'id-of-alice', password: 'canary-password' };
const cleanup = new AsyncDisposableStack();
let mcias: FakeMcias;
let server: TestServer;
beforeAll(async () => {
  const { path } = cleanup.use(await tempDirectory());
  mcias = cleanup.use(await startFakeMcias({ now: () => clock.now(), tokenLifetimeMs: 3_600_000 }));
  const caCert = join(path, 'ca.crt');
  await writeFile(caCert, mcias.caPem);
  const env = { MCR_AUTH_PROVIDER: 'mcias', MCR_MCIAS_SERVER_URL: mcias.url, MCR_MCIAS_CA_CERT: caCert };
  server = cleanup.use(await startTestServer({ overrides: { clock }, env }));
});
afterAll(() => cleanup.disposeAsync());

const exchange = (secret: string) =>
  server.admin.request('GET', '/v2/token', { authorization: basic('alice', secret) });
const get = async (path: string, token: string) =>
  (await server.admin.request('GET', path, { authorization: `Bearer ${token}` })).status;
const signIn = async () => {
  const client = server.client(alice);
  expect((await client.request('GET', '/v2/')).status).toBe(200);
  return client;
};

test('a token of an account that MCIAS keeps has the roles of its last sign-in, and ends a while after that', async () => {
  mcias.addAccount({ ...alice, roles: ['admin'] });
  const client = await signIn();
  const body = json({ name: 'ci', scope: 'admin:read', expires_at: new Date(clock.now() + 90 * day).toISOString() });
  const { secret } = createdBy(await client.request('POST', '/v1/tokens', body));
  const { token } = (await exchange(secret)).json();
  expect(await get('/v2/', token)).toBe(200);
  expect(await get('/v1/statistics', secret)).toBe(200);

  mcias.addAccount({ ...alice, roles: ['user'] });
  expect(await get('/v1/statistics', secret)).toBe(200);
  await signIn();
  expect(await get('/v1/statistics', secret)).toBe(403);

  clock.advance(30 * day - 60_000);
  const late = (await exchange(secret)).json().token;
  expect(await get('/v2/', late)).toBe(200);
  clock.advance(60_000);
  expect(await get('/v2/', late)).toBe(401);
  expect((await exchange(secret)).status).toBe(401);

  await signIn();
  expect((await exchange(secret)).status).toBe(200);
});

test('an admin blocks an account that MCIAS keeps, which ends its tokens and its sign-in until it is unblocked', async () => {
  mcias.addAccount({ username: 'root', id: 'id-of-root', password: 'canary-password', roles: ['admin'] });
  const admin = server.client({ username: 'root', password: 'canary-password' });
  const client = await signIn();
  const { secret } = createdBy(await client.request('POST', '/v1/tokens', json({ name: 'blocked' })));
  const { token } = (await exchange(secret)).json();
  const people = (await admin.request('GET', '/v1/identities')).json().identities;
  expect(people).toMatchObject([{ username: 'alice', provider: 'mcias', blocked: false }]);
  const block = (blocked: boolean) => admin.request('PATCH', `/v1/identities/${alice.id}`, json({ blocked }));
  expect((await block(true)).json()).toMatchObject({ username: 'alice', blocked: true });
  expect(await get('/v2/', token)).toBe(401);
  expect((await exchange(secret)).status).toBe(401);
  expect((await client.request('GET', '/v1/auth/whoami')).status).toBe(401);
  expect((await block(false)).status).toBe(200);
  expect((await exchange(secret)).status).toBe(200);
  expect((await signIn().then((again) => again.request('GET', '/v1/auth/whoami'))).status).toBe(200);
});

test('using a token is no sign-in', async () => {
  const client = await signIn();
  const { secret } = createdBy(
    await client.request('POST', '/v1/tokens', json({ name: 'first', scope: 'admin:write' })),
  );
  clock.advance(29 * day);
  const second = await server.client({ token: secret }).request('POST', '/v1/tokens', json({ name: 'second' }));
  expect(second.status, second.text()).toBe(201);
  clock.advance(day);
  expect((await exchange(secret)).status).toBe(401);
  expect((await exchange(createdBy(second).secret)).status).toBe(401);
});
