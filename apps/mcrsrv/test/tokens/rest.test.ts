import { describe, expect, test } from 'vitest';
import { tokenFor, useDoors } from '../_util/doors.ts';
import { testPassword } from '../_util/server.ts';

const doors = useDoors();
const anonymous = () => doors().rest('nobody');

describe('POST /v1/auth/login', () => {
  test('exchanges a username and a password for a token that works', async () => {
    const { server } = doors();
    const answer = await anonymous().post('/v1/auth/login', { username: 'person', password: testPassword });
    expect(answer).toMatchObject({ status: 200, body: { token: expect.any(String), expires_at: expect.any(String) } });
    expect(answer.header('cache-control')).toBe('no-store');
    const client = server.client({ token: answer.body.token });
    const me = await client.request('GET', '/v1/auth/whoami');
    expect(me.json()).toMatchObject({ username: 'person', expires_at: answer.body.expires_at });
    expect((await server.audit('login'))[0]).toMatchObject({ actor: { name: 'person', ip: '127.0.0.1' } });
  });

  test.each([
    ['a wrong password', { username: 'person', password: 'not it' }],
    ['an unknown account', { username: 'nobody-of-that-name', password: testPassword }],
    ['no username', { username: '', password: testPassword }],
    ['no password', { username: 'person', password: '' }],
    ['a username that is none', { username: "person' or 1=1", password: testPassword }],
    ['a password longer than any', { username: 'person', password: 'x'.repeat(5_000) }],
  ])('refuses %s with one and the same 401', async (_name, body) => {
    const answer = await anonymous().post('/v1/auth/login', body);
    expect(answer).toMatchObject({ status: 401, body: { error: 'The username or the password is wrong' } });
    expect((await doors().server.audit('login_failed'))[0]).toMatchObject({ actor: { name: body.username } });
  });

  test.each([
    [undefined, 'body must be JSON'],
    [[], 'must be a JSON object'],
    [{}, 'username'],
    [{ username: 'person' }, 'password'],
    [{ username: 1, password: testPassword }, 'username'],
    [{ username: 'person', password: testPassword, remember: true }, 'remember'],
  ])('refuses the body %j with 400', async (body, problem) => {
    const answer = await anonymous().post('/v1/auth/login', body);
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(problem) } });
  });
});

describe('GET /v1/auth/whoami', () => {
  test('says whose token it is, and when it ends', async () => {
    const { status, body } = await doors().rest('admin').get('/v1/auth/whoami');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: doors().id('admin'),
      username: 'admin',
      account_type: 'human',
      roles: ['admin'],
      expires_at: expect.stringMatching(/Z$/),
    });
    expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.now());
  });
});

describe('POST /v1/auth/logout', () => {
  test('makes this token worthless, at once, and no other of the account', async () => {
    const { server } = doors();
    const first = await tokenFor(server, 'person');
    // Tokens count whole seconds; two of one second are still two tokens.
    const second = await tokenFor(server, 'person');
    const client = server.client({ token: first });
    expect((await client.request('GET', '/v1/auth/whoami')).status).toBe(200);
    const answer = await client.request('POST', '/v1/auth/logout');
    expect(answer.status).toBe(204);
    expect(answer.body).toHaveLength(0);
    expect((await client.request('GET', '/v1/auth/whoami')).status).toBe(401);
    expect((await client.request('POST', '/v1/auth/logout')).status).toBe(401);
    expect((await server.client({ token: second }).request('GET', '/v1/auth/whoami')).status).toBe(200);
    expect((await server.audit('logout'))[0]).toMatchObject({ actor: { name: 'person' } });
  });
});

describe('GET /v1/health and /v1/ready', () => {
  test('answer everybody', async () => {
    const health = await anonymous().get('/v1/health');
    expect(health).toMatchObject({ status: 200, body: { status: 'ok' } });
    const ready = await anonymous().get('/v1/ready');
    expect(ready.body).toEqual({ status: 'ready', checks: { database: 'ok', storage: 'ok' } });
  });
});

test('a challenge stands on every 401', async () => {
  const answer = await anonymous().get('/v1/repositories');
  expect(answer.status).toBe(401);
  expect(answer.header('www-authenticate')).toMatch(
    /^Bearer realm="https:\/\/localhost:\d+\/v2\/token",service="mcr"$/,
  );
});
