import { loadWebConfig } from '@mcr/config';
import { createTestCa } from '@mcr/testkit';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.ts';
import { createContext } from '../src/context.ts';
import { type Registry, startRegistry } from './_util/registry.ts';
import { type Visitor, visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

type Need = 'public' | 'guest' | 'account' | 'delegate' | 'admin';
type Outcome = 'yes' | 'login' | '403';

/** Every route of the application, with its access rule. */
const needs: Readonly<Record<string, Need>> = {
  'GET /static/:file': 'public',
  'GET /login': 'public',
  'POST /login': 'public',
  'GET /login/callback': 'public',
  'POST /theme': 'public',
  'POST /pull': 'public',
  'GET /': 'guest',
  'GET /me': 'account',
  'POST /me/password': 'account',
  'GET /search': 'guest',
  'GET /repositories': 'guest',
  'GET /repositories/:path': 'guest',
  'POST /repositories/:path': 'admin',
  'GET /compare/:name': 'guest',
  'GET /files/:path': 'guest',
  'GET /download/:path': 'guest',
  'GET /live/pushes': 'account',
  'GET /live/collection': 'admin',
  'GET /live/repositories/:name': 'account',
  'GET /delete-tags/:name': 'admin',
  'POST /delete-tags/:name': 'admin',
  'GET /delete-repository/:name': 'admin',
  'POST /delete-repository/:name': 'admin',
  'GET /policies': 'delegate',
  'POST /policies': 'delegate',
  'GET /policies/new': 'delegate',
  'GET /policies/matches': 'delegate',
  'GET /policies/:id': 'delegate',
  'POST /policies/:id': 'delegate',
  'POST /policies/:id/enabled': 'delegate',
  'GET /policies/:id/delete': 'delegate',
  'POST /policies/:id/delete': 'delegate',
  'GET /audit': 'delegate',
  'GET /audit.csv': 'delegate',
  'GET /audit.jsonl': 'delegate',
  'GET /storage': 'admin',
  'GET /storage/progress': 'admin',
  'POST /storage/collect': 'admin',
  'POST /storage/snapshots': 'admin',
  'GET /delegations': 'admin',
  'POST /delegations': 'admin',
  'GET /delegations/:id/delete': 'admin',
  'POST /delegations/:id/delete': 'admin',
  'GET /accounts': 'admin',
  'POST /accounts': 'admin',
  'POST /accounts/:id/password': 'admin',
  'POST /accounts/:id/roles': 'admin',
  'POST /accounts/:id/enabled': 'admin',
  'GET /accounts/people': 'admin',
  'GET /accounts/people/:id/block': 'admin',
  'POST /accounts/people/:id/block': 'admin',
  'GET /accounts/people/:id/unblock': 'admin',
  'POST /accounts/people/:id/unblock': 'admin',
  'GET /accounts/people/:id/delete': 'admin',
  'POST /accounts/people/:id/delete': 'admin',
  'GET /tokens': 'account',
  'POST /tokens': 'account',
  'GET /tokens/:id/rotate': 'account',
  'POST /tokens/:id/rotate': 'account',
  'GET /tokens/:id/revoke': 'account',
  'POST /tokens/:id/revoke': 'account',
  // The last one, since the registry of this test never forgets a logout.
  'POST /logout': 'account',
};
/** A file of a manifest, which the registry of this test has. */
const file = '1/sha256:1/sha256:1';
const routes = Object.keys(needs).map((title) => {
  const [method = '', pattern = ''] = title.split(' ');
  return {
    title,
    method,
    path: `${pattern.replace(/(?<=files|download)\/:path/, `/${file}`).replaceAll(/\/:\w+/g, '/1')}${pattern === '/search' ? '?q=1' : ''}`,
  };
});

async function registered(): Promise<Set<string>> {
  await using context = createContext(loadWebConfig({ text: '', env: {} }), { log: pino({ level: 'silent' }) });
  const own = createApp(context).routes.filter(({ method, path }) => method !== 'ALL' && path !== '/*');
  return new Set(own.map(({ method, path }) => `${method} ${path.replaceAll('{.+}', '')}`));
}

let registry: Registry;
let web: Web;
beforeAll(async () => {
  const ca = await createTestCa();
  const tokens = { listTokens: () => ({ tokens: [{ id: '1', name: 'one' }] }) };
  const admin = { listIdentities: () => ({ identities: [{ id: '1', username: 'ann' }] }) };
  const policy = { listDelegations: () => ({ delegations: [{ id: '1', username: 'ann', pattern: 'team/**' }] }) };
  registry = await startRegistry(await ca.issue(), () => ({}), 0, { tokens, admin, policy });
  web = await startWeb({ ca, grpcPort: registry.port });
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

interface Caller {
  readonly name: string;
  readonly about: string;
  readonly prepare: (visitor: Visitor) => Promise<unknown>;
  /** Headers in addition to those that a browser sends with a form of the UI. */
  readonly headers?: Readonly<Record<string, string>>;
  owed(need: Need, method: string): Outcome;
}

/** From the least to the most privileged. */
const callers: readonly Caller[] = [
  {
    name: 'anonymous',
    about: 'has not signed in, and no rule is for guests',
    prepare: (visitor) => visitor.get('/login'),
    owed: (need) => (need === 'public' ? 'yes' : 'login'),
  },
  {
    name: 'guest',
    about: 'has not signed in, where a rule lets guests pull',
    prepare: (visitor) => {
      registry.people['mcr-guest'] = [];
      return visitor.get('/login');
    },
    owed: (need) => (need === 'public' || need === 'guest' ? 'yes' : 'login'),
  },
  {
    name: 'foreign site',
    about: 'is a page of another site, in the browser of an admin who is signed in',
    prepare: (visitor) => visitor.signIn('admin'),
    headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    owed: (_, method) => (method === 'POST' ? '403' : 'yes'),
  },
  {
    name: 'person',
    about: 'has signed in without the role `admin`',
    prepare: (visitor) => visitor.signIn('grace'),
    owed: (need) => (need === 'admin' || need === 'delegate' ? '403' : 'yes'),
  },
  {
    name: 'delegate',
    about: 'has signed in without the role `admin`, and is a delegate for some repositories',
    prepare: (visitor) => {
      registry.people['lead'] = ['user'];
      registry.delegations['lead'] = ['team-x/**'];
      return visitor.signIn('lead');
    },
    owed: (need) => (need === 'admin' ? '403' : 'yes'),
  },
  {
    name: 'admin',
    about: 'has signed in with the role `admin`',
    prepare: (visitor) => visitor.signIn('admin'),
    owed: () => 'yes',
  },
];

/** Whether the registry decides, and not the UI, if a visitor must sign in. */
const isGuestPage = (method: string, path: string): boolean =>
  method === 'GET' && /^\/(?:search.*|repositories.*|(?:compare|files|download).*)?$/.test(path);

async function outcomeOf({ prepare, headers }: Caller, method: string, path: string): Promise<Outcome> {
  const visitor = visit(web);
  delete registry.people['mcr-guest'];
  await prepare(visitor);
  const before = registry.calls.length;
  const response = method === 'POST' ? await visitor.post(path, {}, headers) : await visitor.get(path, headers);
  const isRejected = response.status === 403;
  const isSent = response.status === 303 && /^\/login(?:$|\?)/.test(response.headers.location ?? '');
  const outcome = isRejected ? '403' : 'yes';
  // Signing out also ends at the login page, but calls the registry.
  const isAsked = isGuestPage(method, path);
  const result = isSent && (isAsked || registry.calls.length === before) ? 'login' : outcome;
  if (result !== 'yes' && !isAsked) expect(registry.calls.length, 'the registry is not asked').toBe(before);
  // A page or form that fails proves nothing about access; an empty form may be rejected.
  else if (!path.startsWith('/static/')) expect([200, 303, 401, 422]).toContain(response.status);
  if (result === '403')
    expect(response.body).toContain(method === 'POST' && headers ? 'not accepted' : 'Access denied');
  return result;
}

const seen = new Map<string, Outcome[]>();

describe('the web UI', () => {
  test('has exactly the routes that are listed here', async () => {
    expect(new Set(Object.keys(needs))).toEqual(await registered());
  });

  test.each(routes)('allows $title only for its users', async ({ title, method, path }) => {
    const owed = callers.map((caller) => caller.owed(needs[title]!, method));
    const got: Outcome[] = [];
    for (const caller of callers) got.push(await outcomeOf(caller, method, path));
    seen.set(title, got);
    expect(got).toEqual(owed);
  });

  test('is described by docs/access-matrix-web.md; vitest with --update updates it', async () => {
    await expect(render()).toMatchFileSnapshot('../../../docs/access-matrix-web.md');
  });
});

function render(): string {
  const marks: Record<Outcome, string> = { yes: '✓', login: 'login', '403': '403' };
  const names = callers.map(({ name }) => name);
  const lines = routes.map(({ title }) => {
    const cells = (seen.get(title) ?? []).map((outcome) => marks[outcome]);
    return `| \`${title}\` | ${needs[title]} | ${cells.join(' | ')} |`;
  });
  return `# Who may use which page

Written by a test that asks the web UI for each page as each kind of visitor. The UI decides only what it offers: it has
no rights of its own, and calls the registry with the token of the user who is signed in. So [who may do
what](access-matrix.md) is decided there, for every page anew.

- ✓: the page was opened, or the form was taken.
- login: the visitor is sent to the login page.
- 403: rejected. In both cases the registry is not even asked.

| visitor | who that is |
|---|---|
${callers.map(({ name, about }) => `| ${name} | ${about} |`).join('\n')}

| | needs | ${names.join(' | ')} |
|---|---|${names.map(() => ':-:|').join('')}
${lines.join('\n')}
`;
}
