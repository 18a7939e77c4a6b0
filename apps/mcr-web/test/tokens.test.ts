import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const secret = `mcrp_${'s'.repeat(36)}`;
const token = {
  id: 'id-of-deploy',
  name: 'deploy',
  accountId: 'id-of-ci',
  username: 'ci',
  actions: ['registry:pull'],
  repositories: ['team/**'],
  scope: 'none',
  expiresAt: timestampFromMs(Date.now() + 90 * 86_400_000),
  lastUsedAt: timestampFromMs(Date.now() - 60_000),
  lastUsedIp: '192.0.2.7',
};
const sent: unknown[] = [];
const responses: Responses = {
  tokens: {
    listTokens: (request) => {
      sent.push({ all: request.all, ...(request.account !== undefined && { account: request.account }) });
      return { tokens: [token], nextPageToken: '' };
    },
    createToken: (request) => {
      sent.push(request);
      if (request.name === 'deploy') throw new ConnectError('ci has a token named deploy already', Code.AlreadyExists);
      const own = request.name === 'robot' ? secret.replace('mcrp_', 'mcrr_') : secret;
      return { token: { ...token, name: request.name }, secret: own };
    },
    rotateToken: ({ id }) => {
      sent.push({ rotated: id });
      return { token, secret };
    },
    revokeToken: ({ id }) => {
      sent.push({ revoked: id });
      return {};
    },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  sent.length = 0;
});

test('the list says what each token is for, and when and from where it was used last', async () => {
  const page = await stage.grace.get('/tokens');
  expect(page.status).toBe(200);
  for (const text of ['deploy', 'pull in team/**', '192.0.2.7', 'Rotate', 'in 3 months'])
    expect(page.body).toContain(text);
  expect(sent).toEqual([{ all: false }]);
});

test('admins see those of all accounts, others do not, whatever they ask for', async () => {
  await stage.admin.get('/tokens?all=1');
  await stage.grace.get('/tokens?all=1');
  expect(sent).toEqual([{ all: true }, { all: false }]);
});

test('admins see those of one account, with a form for it, others do not, whatever they ask for', async () => {
  const page = await stage.admin.get('/tokens?account=ci');
  expect(page.body).toContain('<h1>Tokens of ci</h1>');
  expect(page.body).toContain('mcrctl token list --account ci<');
  expect((await stage.grace.get('/tokens?account=ci')).body).not.toContain('Tokens of ci');
  expect(sent).toEqual([{ all: false, account: 'ci' }, { all: false }]);
});

test('a new token shows its secret and a login line once, on a page that is not stored', async () => {
  const fields = {
    name: 'ci',
    account: '',
    action: 'registry:pull',
    repositories: 'team/**',
    scope: 'none',
    days: '30',
  };
  const page = await stage.grace.post('/tokens', fields);
  expect(page.status).toBe(200);
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.body).toContain(secret);
  expect(page.body).toMatch(/docker login \S+ --username ci --password-stdin/);
  expect(sent[0]).toMatchObject({ name: 'ci', actions: ['registry:pull'], repositories: ['team/**'], scope: 'none' });
  expect(sent[0]).not.toHaveProperty('account');
  expect((await stage.grace.get('/tokens')).body).not.toContain(secret);
});

test('the secret of a program comes with the way to its rule, for admins', async () => {
  const fields = { name: 'robot', account: 'ci', scope: 'none', days: '30' };
  const link = 'href="/policies/new?subject=ci"';
  expect((await stage.admin.post('/tokens', fields)).body).toContain(link);
  expect((await stage.grace.post('/tokens', fields)).body).not.toContain(link);
  expect((await stage.admin.post('/tokens', { ...fields, name: 'person' })).body).not.toContain(link);
  expect((await stage.admin.get('/policies/new?subject=ci')).body).toContain('name="subject" value="ci"');
});

test('a form that is rejected keeps what was typed', async () => {
  const page = await stage.admin.post('/tokens', { name: 'deploy', account: 'ci', scope: 'admin:read', days: '7' });
  expect(page.status).toBe(422);
  expect(page.body).toContain('ci has a token named deploy already.');
  expect(page.body).toMatch(/name="account" value="ci"/);
});

test('a rotation says what becomes of the present secret, and shows the new one', async () => {
  const question = await stage.grace.get(`/tokens/${token.id}/rotate?page=two`);
  expect(question.body).toContain('Clients that use the present one have a day to change over');
  expect(question.body).toContain(`action="/tokens/${token.id}/rotate?page=two"`);
  expect(sent).not.toContainEqual({ rotated: token.id });
  sent.length = 0;
  const page = await stage.grace.post(`/tokens/${token.id}/rotate`);
  expect(page.status).toBe(200);
  expect(page.body).toContain(secret);
  expect(sent[0]).toEqual({ rotated: token.id });
});

test('a token is revoked after a page that asks', async () => {
  const question = await stage.grace.get(`/tokens/${token.id}/revoke`);
  expect(question.body).toContain('Revoke deploy');
  expect((await stage.grace.get('/tokens/another/revoke')).status).toBe(404);
  sent.length = 0;
  expect(await stage.grace.post(`/tokens/${token.id}/revoke`)).toMatchObject({
    status: 303,
    headers: { location: '/tokens' },
  });
  expect(sent).toEqual([{ revoked: token.id }]);
});
