import { type FakeMcias, startFakeMcias } from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MciasProvider } from './mcias-provider.ts';
import { ManualClock } from './testing/manual-clock.ts';

const clock = new ManualClock();
const minute = 60_000;
const unavailable = {
  code: 'UNAVAILABLE',
  message: 'The identity service (MCIAS) is unavailable; try again in a minute, or ask the operator to check it',
};

let mcias: FakeMcias;
let provider: MciasProvider;

const providerFor = (options: { serverUrl?: string; timeoutMs?: number } = {}) =>
  new MciasProvider({
    serverUrl: mcias.url,
    caCert: mcias.caPem,
    serviceName: 'registry',
    tags: ['env:test', 'tier:1'],
    clock,
    ...options,
  });
const login = () => provider.login('ann', 'correct horse');
const causeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => (error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined),
  );

beforeAll(async () => {
  mcias = await startFakeMcias({ now: () => clock.now() });
  mcias.addAccount({ username: 'ann', password: 'correct horse', id: 'id-of-ann', roles: ['user'] });
  provider = providerFor();
});

afterEach(() => {
  mcias.setFault(undefined);
  for (const endpoint of ['login', 'validate', 'logout'] as const) mcias.setResponse(endpoint, undefined);
});

afterAll(async () => {
  await provider.close();
  await mcias.close();
});

test('a login names the service and its tags', async () => {
  await login();
  expect(mcias.lastBody.login).toEqual({
    username: 'ann',
    password: 'correct horse',
    service_name: 'registry',
    tags: ['env:test', 'tier:1'],
  });
});

test('a token that was revoked at MCIAS is rejected', async () => {
  const { token } = await login();
  await provider.validate(token);
  mcias.revoke(token);
  await expect(provider.validate(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test.each([
  ['8 h', 480, 465 * 60],
  ['30 min', 30, 15 * 60],
  ['20 min', 20, 15 * 60],
  ['15 min', 15, 15 * 60],
  ['10 min', 10, 10 * 60],
  ['1 min', 1, 60],
])('of a token that lives %s clients are told %i s less a grace: %i s', async (_what, minutes, expiresIn) => {
  const expires = new Date(clock.now() + minutes * minute).toISOString();
  mcias.setResponse('login', { status: 200, body: { token: 'abc', expires_at: expires } });
  expect((await login()).expiresIn).toBe(expiresIn);
});

test.each([59_999, 0, -60 * minute])('a token that expires in %i ms is unusable', async (ms) => {
  const expires = new Date(clock.now() + ms).toISOString();
  mcias.setResponse('login', { status: 200, body: { token: 'abc', expires_at: expires } });
  await expect(login()).rejects.toMatchObject(unavailable);
  expect(await causeOf(login())).toMatch(/check the clocks of both hosts$/);
});

test('missing fields of a principal get safe defaults', async () => {
  const expires = new Date(clock.now() + minute).toISOString();
  const body = { valid: true, sub: 'id-7', expires_at: expires };
  mcias.setResponse('validate', { status: 200, body });
  const plain = { id: 'id-7', username: 'id-7', accountType: 'system', roles: [] };
  expect(await provider.validate('abc')).toEqual({ principal: plain, expiresAt: clock.now() + minute });
  mcias.setResponse('validate', { status: 200, body: { ...body, account_type: 'Human', roles: null, username: '' } });
  expect((await provider.validate('abc')).principal).toEqual(plain);
});

test('a token that MCIAS calls valid after its expiry is rejected', async () => {
  const expires = new Date(clock.now()).toISOString();
  mcias.setResponse('validate', { status: 200, body: { valid: true, sub: 'id-7', expires_at: expires } });
  await expect(provider.validate('abc')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test('an invalid token, name or password is not even sent', async () => {
  const before = { ...mcias.calls };
  await expect(provider.validate('no token\r\n')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  await expect(provider.login('', 'password')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  await expect(provider.login('ann', '')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  await provider.revoke('no token\r\n');
  expect(mcias.calls).toEqual(before);
});

describe.each([
  [400, 'UNAUTHORIZED'],
  [401, 'UNAUTHORIZED'],
  [403, 'UNAUTHORIZED'],
  [422, 'UNAUTHORIZED'],
  [429, 'TOOMANYREQUESTS'],
  [204, 'UNAVAILABLE'],
  [301, 'UNAVAILABLE'],
  [307, 'UNAVAILABLE'],
  [404, 'UNAVAILABLE'],
  [500, 'UNAVAILABLE'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
])('the status %i is %s', (status, code) => {
  const response = { status, headers: { Location: '/v1/auth/logout' } };

  test.each(['login', 'validate'] as const)('of %s', async (endpoint) => {
    mcias.setResponse(endpoint, response);
    const { logout } = mcias.calls;
    const call = endpoint === 'login' ? login() : provider.validate('abc');
    expect(await causeOf(call)).toContain(`(${status})`);
    await expect(endpoint === 'login' ? login() : provider.validate('abc')).rejects.toMatchObject({ code });
    expect(mcias.calls.logout).toBe(logout);
  });
});

describe('logout', () => {
  test('sends the token in the header and in the body', async () => {
    const { token } = await login();
    await provider.revoke(token);
    expect(mcias.lastBody.logout).toEqual({ token });
    await expect(provider.validate(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test.each([200, 204, 400, 401, 403, 404, 405, 422, 501])('succeeds with the status %i', async (status) => {
    mcias.setResponse('logout', { status });
    await expect(provider.revoke('abc')).resolves.toBeUndefined();
  });

  test.each([
    [429, 'TOOMANYREQUESTS'],
    [500, 'UNAVAILABLE'],
    [302, 'UNAVAILABLE'],
  ])('fails with the status %i as %s', async (status, code) => {
    mcias.setResponse('logout', { status });
    await expect(provider.revoke('abc')).rejects.toMatchObject({ code });
  });
});

describe('an unusable response is UNAVAILABLE, and its cause says why', () => {
  test.each([
    ['no JSON', '<html>', /the response is not JSON$/],
    ['nothing', '', /the response is not JSON$/],
    ['out of contract', '{}', /does not match the contract/],
    ['larger than 64 KiB', ' '.repeat(65_537), /\/v1\/token\/validate failed$/],
  ])('%s', async (_what, body, cause) => {
    mcias.setResponse('validate', { status: 200, body });
    await expect(provider.validate('abc')).rejects.toMatchObject(unavailable);
    expect(await causeOf(provider.validate('abc'))).toMatch(cause);
  });
});

test('a response that takes too long is UNAVAILABLE', async () => {
  const hasty = providerFor({ timeoutMs: 100 });
  mcias.setFault('slow');
  await expect(hasty.login('ann', 'correct horse')).rejects.toMatchObject(unavailable);
  await expect(hasty.validate('abc')).rejects.toMatchObject(unavailable);
  await hasty.close();
});

test('a path in server_url is kept, and the cause contains the address', async () => {
  const elsewhere = providerFor({ serverUrl: `${mcias.url}/identity/` });
  await expect(elsewhere.validate('abc')).rejects.toMatchObject(unavailable);
  expect(await causeOf(elsewhere.validate('abc'))).toContain(`${mcias.url}/identity/v1/token/validate (404)`);
  await elsewhere.close();
});

test.each(['http://127.0.0.1:1', 'ftp://127.0.0.1', 'file:///etc/passwd'])(
  '%s is rejected as an address',
  (serverUrl) => {
    expect(() => providerFor({ serverUrl })).toThrow(/must begin with https:/);
  },
);

test('a call after close is UNAVAILABLE', async () => {
  const closed = providerFor();
  await closed.close();
  await expect(closed.validate('abc')).rejects.toMatchObject(unavailable);
});
