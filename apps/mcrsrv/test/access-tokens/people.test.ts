import { type OidcProvider, startOidcProvider, tempDirectory, visitProvider } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oidcSection, redirectUrl, signIn } from '../tokens/_sign-in.ts';
import { basic, createdBy, json, openWorkers, type Workers } from './_workers.ts';

const day = 86_400_000;
const resources = new AsyncDisposableStack();
let provider: OidcProvider;
let at: Workers;
beforeAll(async () => {
  const { path } = resources.use(await tempDirectory());
  provider = resources.use(await startOidcProvider({ redirectUris: [redirectUrl] }));
  at = resources.use(await openWorkers({}, await oidcSection(path, 'corp', provider)));
});
afterAll(() => resources.disposeAsync());

/** A token of a person, and what it was exchanged for. */
async function tokenOf(login: string) {
  const { token: session, principal } = await signInAs(login);
  const expiresAt = new Date(at.clock.now() + 90 * day).toISOString();
  const client = at.one.client({ token: session });
  const { secret } = createdBy(
    await client.request('POST', '/v1/tokens', json({ name: 'ci', scope: 'admin:read', expires_at: expiresAt })),
  );
  return { id: principal.id as string, secret, token: (await exchange(login, secret, at.one)).json().token as string };
}

async function signInAs(login: string) {
  const begun = (await signIn(at.other, { provider: 'corp' })).json();
  const visit = { ca: provider.caPem, fields: { login, password: 'x' }, until: redirectUrl };
  const { search } = await visitProvider(begun.location, visit);
  const response = await signIn(at.one, { state: begun.state, callback: search.slice(1) });
  expect(response.status, response.text()).toBe(200);
  return response.json();
}

const exchange = (login: string, secret: string, server: Workers['one']) =>
  server.admin.request('GET', '/v2/token', { authorization: basic(login, secret) });

/** The statuses of every use of a token on both workers: the secret as a password and by itself, and what it was exchanged for. */
async function uses(login: string, { secret, token }: { readonly secret: string; readonly token: string }) {
  const found: number[] = [];
  for (const server of [at.one, at.other]) {
    found.push((await exchange(login, secret, server)).status);
    for (const [path, bearer] of [
      ['/v1/auth/whoami', secret],
      ['/v1/auth/whoami', token],
      ['/v2/', token],
    ] as const)
      found.push((await server.admin.request('GET', path, { authorization: `Bearer ${bearer}` })).status);
  }
  return [...new Set(found)];
}

const block = (id: string, blocked: boolean) =>
  at.other.admin.request('PATCH', `/v1/identities/${id}`, json({ blocked }));

test('a token of a person of a provider ends on every worker while an admin has blocked the person', async () => {
  const ann = await tokenOf('ann');
  expect(await uses('ann', ann)).toEqual([200]);
  expect((await block(ann.id, true)).status).toBe(200);
  expect(await uses('ann', ann)).toEqual([401]);
  expect((await block(ann.id, false)).status).toBe(200);
  expect(await uses('ann', ann)).toEqual([200]);
});

test('a token of a person of a provider ends on every worker once the person is deleted', async () => {
  const bob = await tokenOf('bob');
  expect((await at.other.admin.request('DELETE', `/v1/identities/${bob.id}`)).status).toBe(204);
  expect(await uses('bob', bob)).toEqual([401]);
});

test('a token of a person of a provider ends on every worker 30 days after their last sign-in, until the next one', async () => {
  const cleo = await tokenOf('cleo');
  await at.later(30 * day - 60_000);
  const token = (await exchange('cleo', cleo.secret, at.other)).json().token as string;
  expect(await uses('cleo', { ...cleo, token })).toEqual([200]);
  at.clock.advance(60_000);
  expect(await uses('cleo', { ...cleo, token })).toEqual([401]);
  await signInAs('cleo');
  expect((await exchange('cleo', cleo.secret, at.one)).status).toBe(200);
});
