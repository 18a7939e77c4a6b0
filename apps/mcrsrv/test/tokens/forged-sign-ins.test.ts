import { type FakeIssuer, startFakeIssuer, tempDirectory } from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { oidcSection, signIn } from './_sign-in.ts';

const resources = new AsyncDisposableStack();
let provider: FakeIssuer;
let server: TestServer;

beforeAll(async () => {
  provider = resources.use(await startFakeIssuer());
  const { path } = resources.use(await tempDirectory());
  const env = { MCR_LIMITS_FAILED_LOGINS: '0' };
  server = resources.use(await startTestServer({ toml: await oidcSection(path, 'corp', provider), env }));
});
afterAll(() => resources.disposeAsync());
beforeEach(() => {
  // How old keys are is measured by the machine's clock, which one test moves.
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Signs in with this ID token as what the provider gives for the code. */
async function finishWith(tokenOf: (nonce: string) => Promise<string> | string, callback: object = {}) {
  const { location, state } = (await signIn(server, {})).json();
  const asked = new URL(location).searchParams;
  const tokens = { access_token: 'x', token_type: 'Bearer', id_token: await tokenOf(asked.get('nonce') ?? '') };
  provider.responses.set('/token', { status: 200, body: JSON.stringify(tokens) });
  const query = new URLSearchParams({ code: 'code', state: asked.get('state') ?? '', ...callback }).toString();
  return await signIn(server, { state, callback: query });
}

const good = (nonce: string) => ({ aud: 'mcr', sub: 'sub-1', preferred_username: 'ann', nonce });
const signed = (change: object) => (nonce: string) => provider.sign({ ...good(nonce), ...change });
const unsigned = (header: object) => async (nonce: string) => {
  const [, claims] = (await provider.sign(good(nonce))).split('.');
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${claims}.`;
};

test('a good ID token signs in, with S256, a nonce and a state', async () => {
  const { location } = (await signIn(server, {})).json();
  const asked = Object.fromEntries(new URL(location).searchParams);
  expect(asked).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', client_id: 'mcr' });
  expect([asked['nonce'], asked['state'], asked['code_challenge']].map((text) => text?.length)).toEqual([43, 43, 43]);
  const response = await finishWith(signed({}));
  expect(response.status, response.text()).toBe(200);
});

describe('a sign-in is rejected', () => {
  test.each([
    ['another nonce', signed({ nonce: 'x'.repeat(43) })],
    ['no nonce', signed({ nonce: undefined })],
    ['another audience', signed({ aud: 'other' })],
    ['another issuer', signed({ iss: 'https://evil.example.com' })],
    ['an end in the past', signed({ exp: 1 })],
    ['no subject', signed({ sub: undefined })],
    ['the algorithm none', unsigned({ alg: 'none' })],
    ['a secret as the key', unsigned({ alg: 'HS256', kid: 'key-1' })],
    [
      'a signature of another key',
      async (nonce: string) => {
        await using other = await startFakeIssuer();
        return await other.sign({ ...good(nonce), iss: provider.issuer });
      },
    ],
    ['no token', () => 'garbage'],
  ] as const)('for an ID token with %s', async (_, tokenOf) => {
    const response = await finishWith(tokenOf);
    expect(response.status, response.text()).toBe(401);
    expect(response.json().error).toBe('The provider did not confirm this sign-in; begin again');
    expect((await server.audit('login_failed'))[0]).toMatchObject({ details: { provider: 'corp' } });
  });

  test.each([
    ['another state', { state: 'x' }],
    ['the issuer of another provider (mix-up, RFC 9207)', { iss: 'https://evil.example.com' }],
    ['an error in place of the code', { error: 'server_error' }],
  ])('for a callback with %s', async (_, callback) => {
    expect((await finishWith(signed({}), callback)).status).toBe(401);
  });
});

test('a key that was rotated is known after a minute, and the old one is not', async () => {
  expect((await finishWith(signed({}))).status).toBe(200);
  const [old] = [await provider.sign({ aud: 'mcr' })];
  await provider.rotate();
  expect((await finishWith(signed({}))).status).toBe(401);
  vi.setSystemTime(Date.now() + 61_000);
  expect((await finishWith(signed({}))).status).toBe(200);
  expect(old).toEqual(expect.any(String));
  expect((await finishWith(() => old)).status).toBe(401);
});

test('a token endpoint that fails makes the sign-in unavailable', async () => {
  const { location, state } = (await signIn(server, {})).json();
  const query = new URLSearchParams({ code: 'c', state: new URL(location).searchParams.get('state') ?? '' }).toString();
  for (const response of [
    { status: 500, body: '{}' },
    { status: 302, body: '', location: '/elsewhere' },
    { status: 401, body: JSON.stringify({ error: 'invalid_client' }) },
  ]) {
    provider.responses.set('/token', response);
    expect((await signIn(server, { state, callback: query })).status).toBe(503);
  }
  expect(provider.calls.has('/elsewhere')).toBe(false);
});
