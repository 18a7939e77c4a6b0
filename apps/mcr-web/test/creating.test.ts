import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const rule = { id: 7n, priority: 20, description: 'CI pulls', effect: 'allow', roles: ['ci'], enabled: true };
const account = { id: 'id-7', username: 'ci', accountType: 'human', roles: ['user'], enabled: true };
const delegation = { id: 'id-of-it', accountId: 'id-7', username: 'ci', pattern: 'team-x/**' };
const invalid = () => new ConnectError('The name is taken', Code.InvalidArgument);
const responses: Responses = {
  policy: {
    listPolicyRules: () => ({ rules: [rule, { ...rule, id: 8n }] }),
    createPolicyRule: ({ description }) => {
      if (description === 'taken') throw invalid();
      return { rule };
    },
    listDelegations: () => ({ delegations: [delegation] }),
    createDelegation: ({ account: name }) => {
      if (name === 'taken') throw invalid();
      return { delegation };
    },
  },
  admin: {
    listAccounts: () => ({ accounts: [account] }),
    createAccount: ({ username }) => {
      if (username === 'taken') throw invalid();
      return { account };
    },
  },
  tokens: {
    listTokens: () => ({ tokens: [{ id: 'id-t', name: 'deploy', username: 'admin', scope: 'none' }] }),
    createToken: ({ name }) => {
      if (name === 'taken') throw invalid();
      return { token: { id: 'id-t', name: 'deploy', username: 'admin', scope: 'none' }, secret: 'mcrt_secret' };
    },
  },
};
const byScript = { 'hx-request': 'true' };

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());

describe.each([
  ['a rule', '/policies', { priority: '20', effect: 'allow', roles: 'ci' }, 'description', 'Created rule 7.'],
  [
    'an account',
    '/accounts',
    { username: 'ci', account_type: 'human', password: 'long enough' },
    'username',
    'Created the account ci.',
  ],
  [
    'a delegation',
    '/delegations',
    { account: 'ci', pattern: 'team-x/**' },
    'account',
    'ci manages rules and tokens of team-x/**.',
  ],
  ['a token', '/tokens', { name: 'deploy', days: '30' }, 'name', 'mcrt_secret'],
] as const)('%s', (_what, path, fields, named, words) => {
  test('is created in place, and the response has it in the list, with the focus', async () => {
    const { status, headers, body } = await stage.admin.post(path, fields, byScript);
    expect(status).toBe(200);
    expect(body).toContain(words);
    expect(body.match(/ autofocus/g)).toHaveLength(1);
    expect(body).toMatch(/<(?:tr role="row"|div class="alone") tabindex="-1" autofocus/);
    expect(headers['hx-replace-url']).toBe(path === '/tokens' ? undefined : path);
    expect(stage.admin.cookies.has('__Host-mcr-flash')).toBe(false);
  });

  test('is rejected in the form, while the list stays', async () => {
    const { status, headers, body } = await stage.admin.post(path, { ...fields, [named]: 'taken' }, byScript);
    expect(status).toBe(422);
    expect(headers['hx-reswap']).toBe('none');
    expect(body).toContain('role="alert">The name is taken.<');
    expect(body).toMatch(/name="\w+" value="taken"[^>]* autofocus/);
  });

  test('is created by a page of its own without a script', async () => {
    const { status } = await stage.admin.post(path, fields);
    expect(status).toBe(path === '/tokens' ? 200 : 303);
  });
});

test('the account of a program leads a script to its tokens', async () => {
  const { status, headers } = await stage.admin.post(
    '/accounts',
    { username: 'ci', account_type: 'system', password: '' },
    byScript,
  );
  expect({ status, to: headers['hx-redirect'] }).toEqual({ status: 204, to: '/tokens?account=ci' });
});

test('the form of a rule is put above the list by a script, and is a page of its own without one', async () => {
  const part = (await stage.admin.get('/policies/new', byScript)).body;
  expect(part).toContain('<div id="new-rule"><section class="card"');
  expect(part).toContain('hx-post="/policies"');
  const page = (await stage.admin.get('/policies/new')).body;
  expect(page).toContain('<form method="post" action="/policies"');
  expect(page).not.toContain('hx-post="/policies"');
  const closed = (await stage.admin.get('/policies', byScript)).body;
  expect(closed).toMatch(/id="new-rule-link"[^>]* autofocus/);
  expect(closed).toContain('<div id="new-rule"></div>');
  expect((await stage.admin.get('/policies')).body).not.toContain(' autofocus');
});
