import { createTestCa } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Registry, rightPassword, startRegistry } from './_util/registry.ts';
import { visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

let registry: Registry;
let web: Web;

beforeAll(async () => {
  const ca = await createTestCa();
  registry = await startRegistry(await ca.issue(), () => ({}));
  web = await startWeb({ ca, grpcPort: registry.port });
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

describe('signing in', () => {
  test('leads to the requested page', async () => {
    const grace = visit(web);
    const sent = await grace.get('/repositories?q=a');
    expect(sent).toMatchObject({ status: 303, headers: { location: '/login?next=%2Frepositories%3Fq%3Da' } });
    const response = await grace.signIn('grace', rightPassword, '/repositories?q=a');
    expect(response).toMatchObject({ status: 303, headers: { location: '/repositories?q=a' } });
  });

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example'])('never leads to %s', async (next) => {
    expect(await visit(web).signIn('grace', rightPassword, next)).toMatchObject({
      status: 303,
      headers: { location: '/' },
    });
  });

  test('sets cookies that scripts and other sites cannot see', async () => {
    const response = await visit(web).signIn('grace');
    const cookie = response.headers['set-cookie']?.find((line) => line.startsWith('__Host-mcr-session='));
    expect(cookie).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  test.each([
    ['a wrong password', 'grace', 'wrong'],
    ['an unknown name', 'nobody', rightPassword],
  ])('with %s is rejected with the same message', async (_name, username, password) => {
    const { status, body } = await visit(web).signIn(username, password);
    expect(status).toBe(401);
    expect(body).toContain('<p class="problem" role="alert">The name or the password is wrong.</p>');
  });

  test('too often has to wait for the time that the registry returns', async () => {
    const { status, headers, body } = await visit(web).signIn('mallory');
    expect({ status, retry: headers['retry-after'] }).toEqual({ status: 429, retry: '32' });
    expect(body).toContain('Too many attempts. Try again in 32 s.');
  });

  test.each([
    ['the browser', {}, '127.0.0.1'],
    ['what a proxy said of it', { 'x-forwarded-for': '192.0.2.1, 10.0.0.1' }, '192.0.2.1, 10.0.0.1, 127.0.0.1'],
    ['nothing that is no address', { 'x-forwarded-for': 'evil\tname' }, '127.0.0.1'],
    ['no chain that is too long', { 'x-forwarded-for': '192.0.2.1, '.repeat(50) }, '127.0.0.1'],
  ])('passes the address of %s to the registry', async (_what, headers, expected) => {
    const grace = visit(web);
    await grace.signIn('grace');
    await grace.get('/me', headers);
    expect(registry.forwarded.at(-1)).toBe(expected);
  });
});

describe('a link from another site', () => {
  test.each([
    ['cross-site', '/audit?type=login'],
    ['same-site', '/login'],
  ])('(%s) to %s makes the browser repeat the request, since it omitted the cookies', async (site, path) => {
    const { status, headers, body } = await visit(web).get(path, { 'sec-fetch-site': site });
    expect(status).toBe(200);
    expect(headers['set-cookie'] ?? []).toEqual([]);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain('<meta http-equiv="refresh" content="0">');
  });

  test('shows the page if the cookies were sent, without repeating the request', async () => {
    const grace = visit(web);
    await grace.signIn('grace');
    expect((await grace.get('/me', { 'sec-fetch-site': 'cross-site' })).body).toContain('What I may do');
    const stranger = await visit(web).get('/me', { 'sec-fetch-site': 'same-origin' });
    expect(stranger).toMatchObject({ status: 303, headers: { location: '/login?next=%2Fme' } });
  });
});

describe('a session', () => {
  const minute = 60_000;

  async function signedIn() {
    const clock = { time: Date.now(), now: () => clock.time };
    const idle = await startWeb({ ca: web.ca, grpcPort: registry.port, clock });
    const grace = visit(idle);
    await grace.signIn('grace');
    return { clock, idle, grace };
  }

  test('lasts with a request every half hour', async () => {
    const { clock, idle, grace } = await signedIn();
    await using _ = idle;
    for (let at = 0; at < 5; at += 1) {
      clock.time += 29 * minute;
      expect(await grace.get('/me')).toMatchObject({ status: 200 });
    }
    clock.time += minute / 2;
    expect((await grace.get('/me')).headers['set-cookie'] ?? []).toEqual([]);
  });

  test('ends after half an hour without, also for a copy of the cookie, and its token is revoked', async () => {
    const { clock, idle, grace } = await signedIn();
    await using _ = idle;
    const kept = grace.cookies.get('__Host-mcr-session') ?? '';
    clock.time += 30 * minute + 1;
    const before = registry.calls.filter((method) => method === 'Logout').length;
    expect(await grace.get('/me')).toMatchObject({ status: 303, headers: { location: '/login?next=%2Fme' } });
    expect(registry.calls.filter((method) => method === 'Logout')).toHaveLength(before + 1);
    expect(grace.cookies.has('__Host-mcr-session')).toBe(false);
    expect((await grace.get('/login')).body).toContain('after 30 minutes of inactivity');
    grace.cookies.set('__Host-mcr-session', kept);
    expect(await grace.get('/me')).toMatchObject({ status: 303 });
  });
});

test('signing out revokes the token, and invalidates the old cookie', async () => {
  const admin = visit(web);
  await admin.signIn('admin');
  const kept = admin.cookies.get('__Host-mcr-session') ?? '';
  expect(await admin.post('/logout')).toMatchObject({ status: 303, headers: { location: '/login' } });
  expect(admin.cookies.has('__Host-mcr-session')).toBe(false);
  expect(registry.calls).toContain('Logout');
  admin.cookies.set('__Host-mcr-session', kept);
  expect(await admin.get('/')).toMatchObject({ status: 303, headers: { location: '/login' } });
});

test('an invalid session cookie redirects to the login page', async () => {
  const stranger = visit(web);
  for (const value of ['x', Buffer.from('{"token":"a\\nb","username":"x"}').toString('base64url')]) {
    stranger.cookies.set('__Host-mcr-session', value);
    expect(await stranger.get('/me')).toMatchObject({ status: 303 });
  }
});

test('a form, or a part of a page, after the end of the session leads to the login page, and back', async () => {
  const referer = `${web.url}/audit?type=login`;
  const response = await visit(web).get('/audit?type=logout', { 'hx-request': 'true', referer });
  expect(response).toMatchObject({ status: 204, headers: { 'hx-redirect': '/login?next=%2Faudit%3Ftype%3Dlogin' } });
  const plain = await visit(web).post('/storage/collect', {}, { referer: `${web.url}/storage` });
  expect(plain).toMatchObject({ status: 303, headers: { location: '/login?next=%2Fstorage' } });
});
