import { loadWebConfig } from '@mcr/config';
import { createTestCa } from '@mcr/testkit';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.ts';
import { createContext } from '../src/context.ts';
import { type Registry, rightPassword, startRegistry } from './_util/registry.ts';
import { type Visitor, visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

/** Every route of the application itself, with its parameters filled in. */
const routes = await (async () => {
  await using context = createContext(loadWebConfig({ text: '', env: {} }), { log: pino({ level: 'silent' }) });
  const own = createApp(context).routes.filter(({ method, path }) => method !== 'ALL' && path !== '/*');
  const all = own.map(({ method, path }) => ({ method, path: path.replace(/:\w+(?:\{[^}]*\})?/g, '1') }));
  return [...new Map(all.map((route) => [`${route.method} ${route.path}`, route])).values()];
})();
const unsafe = routes.filter(({ method }) => method === 'POST').map(({ path }) => path);
let registry: Registry;
let web: Web;
let admin: Visitor;
let grace: Visitor;

beforeAll(async () => {
  const ca = await createTestCa();
  registry = await startRegistry(await ca.issue(), () => ({}));
  web = await startWeb({ ca, grpcPort: registry.port });
  [admin, grace] = [visit(web), visit(web)];
  await admin.signIn('admin');
  await grace.signIn('grace');
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

test('there are routes to test', () => {
  expect(unsafe.length).toBeGreaterThan(12);
});

describe.each(unsafe)('CVE-2019-19025: POST %s', (path) => {
  const rejections: [string, () => [Record<string, string>, Record<string, string | undefined>?]][] = [
    ['no token', () => [{ csrf: '' }]],
    ['a wrong token', () => [{ csrf: 'bm9uY2U.c2lnbmF0dXJl' }]],
    ['the token of another session', () => [{ csrf: grace.cookies.get('__Host-mcr-csrf') ?? '' }]],
    ['a foreign origin', () => [{}, { origin: 'https://evil.example' }]],
    ['the origin null', () => [{}, { origin: 'null' }]],
    ['no origin at all', () => [{}, { origin: undefined }]],
    ['a cross-site request', () => [{}, { 'sec-fetch-site': 'cross-site' }]],
    ['a same-site request', () => [{}, { 'sec-fetch-site': 'same-site' }]],
    ['a body of another type', () => [{}, { 'content-type': 'text/plain' }]],
    ['a body without a type', () => [{}, { 'content-type': undefined }]],
  ];

  test.each(rejections)('rejects %s, and calls nothing', async (_name, make) => {
    const before = registry.calls.length;
    const [fields, headers] = make();
    expect(await admin.post(path, fields, headers)).toMatchObject({ status: 403 });
    expect(registry.calls.length).toBe(before);
  });

  test('rejects another session with its own cookie and token', async () => {
    const csrf = grace.cookies.get('__Host-mcr-csrf') ?? '';
    const mixed = visit(web);
    for (const [name, value] of admin.cookies) mixed.cookies.set(name, value);
    mixed.cookies.set('__Host-mcr-csrf', csrf);
    expect(await mixed.post(path, { csrf })).toMatchObject({ status: 403 });
  });
});

describe.each(['/login', '/theme', '/pull'])('before the login, POST %s', (path) => {
  test.each([
    ['no cookie and no token', false, { csrf: '' }, {}],
    ['a wrong token', true, { csrf: 'bm9uY2U.c2lnbmF0dXJl' }, {}],
    ['the token of a session', true, { csrf: () => grace.cookies.get('__Host-mcr-csrf') ?? '' }, {}],
    ['a foreign origin', true, {}, { origin: 'https://evil.example' }],
  ])('rejects %s', async (_name, hasCookie, { csrf }: { csrf?: string | (() => string) }, headers) => {
    const stranger = visit(web);
    if (hasCookie) await stranger.get('/login');
    const before = registry.calls.length;
    const token = typeof csrf === 'function' ? csrf() : csrf;
    const fields = { username: 'admin', password: rightPassword, ...(token !== undefined && { csrf: token }) };
    expect(await stranger.post(path, fields, headers)).toMatchObject({ status: 403 });
    expect(registry.calls.length).toBe(before);
    expect(stranger.cookies.has('__Host-mcr-session')).toBe(false);
  });

  test('accepts its own form', async () => {
    const stranger = visit(web);
    await stranger.get('/login');
    expect(await stranger.post(path, { username: 'admin', password: rightPassword })).toMatchObject({ status: 303 });
  });
});

test('a role that a user adds to their own cookie is checked by the registry', async () => {
  const mallory = visit(web);
  const forged = { token: 'mallory', username: 'mallory', roles: ['admin'], seen: Date.now() };
  mallory.cookies.set('__Host-mcr-session', Buffer.from(JSON.stringify(forged)).toString('base64url'));
  expect(await mallory.get('/')).toMatchObject({ status: 303, headers: { location: '/login' } });
});
