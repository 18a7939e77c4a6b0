import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type FakeMcias, startFakeMcias } from './fake-mcias.ts';

let mcias: FakeMcias;
let agent: Agent;
let time = Date.UTC(2030, 0, 1);

beforeAll(async () => {
  mcias = await startFakeMcias({ now: () => time, tokenLifetimeMs: 1000 });
  mcias.addAccount({ username: 'ann', password: 'correct horse', id: 'id-of-ann', roles: ['user'] });
  agent = new Agent({ connect: { ca: mcias.caPem, minVersion: 'TLSv1.3' } });
});

afterAll(async () => {
  await agent.close();
  await mcias.close();
});

async function post(path: string, body: unknown) {
  const response = await request(mcias.url + path, { dispatcher: agent, method: 'POST', body: JSON.stringify(body) });
  const text = await response.body.text();
  return { status: response.statusCode, body: text.startsWith('{') ? JSON.parse(text) : text };
}

async function login(): Promise<string> {
  const { body } = await post('/v1/auth/login', { username: 'ann', password: 'correct horse' });
  return body.token;
}

test('a login gives a token that validates until it expires', async () => {
  const token = await login();
  expect(await post('/v1/token/validate', { token })).toEqual({
    status: 200,
    body: {
      valid: true,
      sub: 'id-of-ann',
      username: 'ann',
      account_type: 'human',
      roles: ['user'],
      expires_at: '2030-01-01T00:00:01.000Z',
    },
  });
  time += 1000;
  expect(await post('/v1/token/validate', { token })).toEqual({ status: 200, body: { valid: false } });
});

test('a wrong password is rejected', async () => {
  expect(await post('/v1/auth/login', { username: 'ann', password: 'wrong' })).toMatchObject({ status: 401 });
});

test('a token is invalid after a logout and after a revocation', async () => {
  const [first, second] = [await login(), await login()];
  expect(await post('/v1/auth/logout', { token: first })).toEqual({ status: 204, body: '' });
  mcias.revoke(second);
  expect(await post('/v1/token/validate', { token: first })).toMatchObject({ body: { valid: false } });
  expect(await post('/v1/token/validate', { token: second })).toMatchObject({ body: { valid: false } });
});

test('calls are counted, and the last body is kept', async () => {
  const before = mcias.calls.validate;
  await post('/v1/token/validate', { token: 'x' });
  expect(mcias.calls.validate).toBe(before + 1);
  expect(mcias.lastBody.validate).toEqual({ token: 'x' });
});

test.each([
  ['error', 500],
  ['throttled', 429],
  ['malformed', 200],
] as const)('the fault %s responds with %i', async (fault, status) => {
  mcias.setFault(fault);
  expect(await post('/v1/token/validate', { token: 'x' })).toMatchObject({ status });
  mcias.setFault(undefined);
});

test('slow holds responses until the fault is lifted', async () => {
  mcias.setFault('slow');
  const response = post('/v1/token/validate', { token: 'x' });
  expect(await Promise.race([response, new Promise((resolve) => setTimeout(resolve, 50, 'held'))])).toBe('held');
  mcias.setFault(undefined);
  expect(await response).toEqual({ status: 200, body: { valid: false } });
});

test('a fixed response replaces the usual one', async () => {
  mcias.setResponse('logout', { status: 404, body: 'nothing here' });
  expect(await post('/v1/auth/logout', { token: 'x' })).toEqual({ status: 404, body: 'nothing here' });
  mcias.setResponse('logout', undefined);
  expect(await post('/v1/auth/logout', { token: 'x' })).toMatchObject({ status: 401 });
});

test('TLS 1.2 is rejected', async () => {
  const old = new Agent({ connect: { ca: mcias.caPem, maxVersion: 'TLSv1.2' } });
  onTestFinished(() => old.close());
  await expect(request(mcias.url, { dispatcher: old })).rejects.toThrow(/protocol version/);
});
