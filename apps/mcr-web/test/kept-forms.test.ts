import { createTestCa } from '@mcr/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HttpResponse } from './_util/ask.ts';
import { type Registry, rightPassword, startRegistry } from './_util/registry.ts';
import { type Visitor, visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

const minute = 60_000;
const clock = { time: Date.now(), now: () => clock.time };
const rule = { id: 7n, priority: 20, description: 'CI pulls', effect: 'allow', roles: ['ci'], enabled: true };
const account = { id: 'id-7', username: 'ci', accountType: 'human', roles: ['user'], enabled: true };
let registry: Registry;
let web: Web;
let admin: Visitor;

beforeAll(async () => {
  const ca = await createTestCa();
  registry = await startRegistry(await ca.issue(), () => ({}), 0, {
    policy: { getPolicyRule: () => ({ rule }) },
    admin: { listAccounts: () => ({ accounts: [account] }) },
    registry: { getRepository: () => ({ repository: { name: 'team/app' } }) },
  });
  web = await startWeb({ ca, grpcPort: registry.port, clock });
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});
beforeEach(async () => {
  admin = visit(web);
  await admin.signIn('admin');
  registry.calls.length = 0;
});

const unescape = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
const keptOf = ({ body }: HttpResponse) => unescape(/name="kept" value="([^"]*)"/.exec(body)?.[1] ?? '');
const ways: readonly (readonly [string, () => unknown])[] = [
  ['after half an hour', () => void (clock.time += 31 * minute)],
  ['by another tab', () => admin.cookies.delete('__Host-mcr-session')],
  [
    'at the registry',
    async () => {
      const other = visit(web);
      for (const [name, value] of admin.cookies) other.cookies.set(name, value);
      await other.post('/logout');
    },
  ],
];

/** Sends a form after the session has ended, and signs in on the page that follows. */
async function sendAndSignIn(path: string, fields: Record<string, string>, username = 'admin') {
  const sent = await admin.post(path, fields, { referer: `${web.url}${path}` });
  const kept = keptOf(sent);
  const signedIn = await admin.post('/login', { username, password: rightPassword, next: '/policies', kept });
  return { sent, kept, signedIn };
}

/** Presses the button of a page that leads to the form. */
async function showAgain({ body }: HttpResponse): Promise<HttpResponse> {
  const path = unescape(/action="([^"]*)" class="card form/.exec(body)?.[1] ?? '');
  const form = body.slice(body.indexOf('data-go-on'));
  const inputs = [...form.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return await admin.post(path, Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescape(value)])));
}

describe('a form after the end of the session', () => {
  beforeEach(() => void admin.cookies.delete('__Host-mcr-session'));

  test.each([
    ['/policies/7', { description: 'Another' }, 'UpdatePolicyRule'],
    ['/accounts', { username: 'ci', roles: 'user' }, 'CreateAccount'],
    ['/accounts/id-7/roles?page=two', { roles: 'deploy' }, 'UpdateAccount'],
    ['/tokens?account=ci', { name: 'deploy', scope: 'admin:read' }, 'CreateToken'],
    ['/delegations', { account: 'ci', pattern: 'team-x/**' }, 'CreateDelegation'],
    ['/repositories/team/app', { description: 'Our app' }, 'UpdateRepository'],
  ] as const)('to %s is shown again, and calls nothing that changes', async (path, fields, call) => {
    const { signedIn } = await sendAndSignIn(path, { ...fields });
    const { body } = await showAgain(signedIn);
    expect(body).toContain('What you entered is here again; it was not sent.');
    for (const value of Object.values(fields)) expect(body).toContain(value);
    expect(registry.calls).not.toContain(call);
  });

  test('loses its passwords', async () => {
    const { sent, kept } = await sendAndSignIn('/accounts', { username: 'ci', password: 'a secret word' });
    expect(kept).toContain('"username"');
    expect(sent.body).not.toContain('a secret word');
  });

  test.each([
    ['/storage/collect', { reconcile: 'true' }],
    ['/me/password', { current: 'one', password: 'two' }],
    ['/accounts/id-7/password', { password: 'two' }],
    ['/delete-repository/team/app', { confirm: 'team/app' }],
    ['/policies/7/delete', { description: 'x' }],
  ])('to %s is not kept', async (path, fields) => {
    const { status } = await admin.post(path, fields);
    expect(status).toBe(303);
  });

  test.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['a page that hides its origin', { origin: 'null' }],
    ['a neighbouring site', { 'sec-fetch-site': 'same-site' }],
  ])('is not kept if it comes from %s', async (_from, headers) => {
    const { status, body } = await admin.post('/policies', { description: 'planted' }, headers);
    expect(status).toBe(303);
    expect(body).not.toContain('planted');
  });

  test('is not kept beyond 12 KiB, and not read beyond 16', async () => {
    for (const [length, status] of [
      [10_000, 401],
      [13_000, 303],
      [20_000, 303],
    ] as const) {
      expect((await admin.post('/policies', { description: 'x'.repeat(length) })).status).toBe(status);
    }
  });
});

describe('what a login form claims to carry', () => {
  const planted = (more: object) =>
    JSON.stringify({ path: '/policies', token: '', fields: [['description', 'planted']], ...more });
  const ownToken = () => admin.cookies.get('__Host-mcr-csrf') ?? '';

  test.each<[string, () => string]>([
    ['a form without a token', () => planted({})],
    ['a form with an invented token', () => planted({ token: 'bm9uY2U.b3duZXI.c2lnbmF0dXJl' })],
    ['a form to another site', () => planted({ path: '//evil.example/policies', token: ownToken() })],
    ['a form that is not kept', () => planted({ path: '/storage/collect', token: ownToken() })],
    ['no fields', () => planted({ fields: [['csrf', 'x'], ['password', 'y'], 'z', [1, 2]], token: ownToken() })],
    ['no JSON', () => '{'],
    ['another kind of JSON', () => '[]'],
  ])('is ignored: %s', async (_what, kept) => {
    const text = kept();
    admin.cookies.delete('__Host-mcr-session');
    await admin.get('/login');
    const response = await admin.post('/login', {
      username: 'admin',
      password: rightPassword,
      next: '/me',
      kept: text,
    });
    expect(response).toMatchObject({ status: 303, headers: { location: '/me' } });
  });

  test('is still there after a wrong password', async () => {
    const text = planted({ token: ownToken() });
    admin.cookies.delete('__Host-mcr-session');
    await admin.get('/login');
    const rejected = await admin.post('/login', { username: 'admin', password: 'wrong', next: '/me', kept: text });
    expect(rejected.status).toBe(401);
    expect(keptOf(rejected)).toBe(text);
  });
});

test('a form that would be processed cannot be sent to be shown', async () => {
  const { status } = await admin.post('/storage/collect', { kept: '1' });
  expect(status).toBe(403);
  expect(registry.calls).not.toContain('GarbageCollect');
});

// The last ones, since the registry of this test never forgets a logout.
describe.each(ways)('a form whose session ended %s', (_way, end) => {
  test('is carried by the login page, and is shown again instead of being processed', async () => {
    await end();
    const fields = {
      description: 'CI <b>pulls</b>',
      priority: '20',
      effect: 'deny',
      action: 'registry:pull',
      other: 'x',
    };
    const { sent, signedIn } = await sendAndSignIn('/policies', fields);
    expect(sent.status).toBe(401);
    expect(sent.body).toContain('The session has expired, and nothing was sent.');
    expect(sent.body).not.toContain('<b>pulls');
    expect(signedIn.status).toBe(200);
    const shown = await showAgain(signedIn);
    expect(shown.status).toBe(422);
    expect(shown.body).toContain('What you entered is here again; it was not sent.');
    expect(shown.body).toContain('value="CI &lt;b&gt;pulls&lt;/b&gt;"');
    expect(shown.body).toContain('<option value="deny" selected>');
    expect(registry.calls).not.toContain('CreatePolicyRule');
    await admin.post('/policies', fields);
    expect(registry.calls).toContain('CreatePolicyRule');
  });

  test('is not shown to another account that signs in', async () => {
    await end();
    const { kept, signedIn } = await sendAndSignIn('/policies', { description: 'For me alone' }, 'grace');
    expect(kept).toContain('For me alone');
    expect(signedIn).toMatchObject({ status: 303, headers: { location: '/policies' } });
    expect((await admin.get('/me')).body).toContain('it was entered by another account');
  });
});
