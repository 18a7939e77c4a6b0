import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const delegation = {
  id: 'id-of-it',
  accountId: 'id-of-ann',
  username: 'ann',
  pattern: 'team-x/**',
  grantedByName: 'root',
  grantedAt: timestampFromMs(Date.now() - 60_000),
};
const rule = { priority: 5, effect: 'allow', actions: ['registry:pull'], repositories: ['team-x/**'], enabled: true };
const byAnn = { createdBy: delegation.accountId, delegated: true };
const sent: unknown[] = [];
const beyond = 'Your delegation is for team-x/**: the pattern "prod/**" is beyond team-x/**';
const denied = () => new ConnectError(beyond, Code.PermissionDenied);
const responses: Responses = {
  policy: {
    listDelegations: ({ all }) => {
      sent.push({ all });
      return { delegations: [delegation] };
    },
    createDelegation: ({ account, pattern }) => {
      sent.push({ account, pattern });
      if (pattern === '**') throw new ConnectError('the pattern "**" cannot be delegated', Code.InvalidArgument);
      return { delegation };
    },
    deleteDelegation: ({ id }) => {
      sent.push({ deleted: id });
      if (id !== delegation.id) throw new ConnectError('There is no such delegation', Code.NotFound);
      return { delegation, ruleIds: [7n, 9n] };
    },
    listPolicyRules: () => ({
      rules: [
        { ...rule, id: 7n, description: 'Mine', ...byAnn },
        { ...rule, id: 9n, description: 'Left behind before', ...byAnn, repositories: ['team-y/app'] },
        { ...rule, id: 8n, description: 'Frozen', effect: 'deny', delegated: false },
      ],
      builtinRules: [{ id: -1n, effect: 'allow', description: 'Built' }],
    }),
    createPolicyRule: () => {
      throw denied();
    },
    updatePolicyRule: () => {
      throw denied();
    },
  },
  audit: {
    listAuditEvents: ({ repository }) => {
      if (repository === 'prod/app') throw denied();
      return {};
    },
  },
  tokens: {
    listTokens: ({ account, all }) => {
      sent.push({ account, all });
      return {};
    },
    createToken: () => {
      throw denied();
    },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
  stage.registry.delegations['grace'] = ['team-x/**'];
  await stage.grace.get('/me');
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  sent.length = 0;
  stage.registry.calls.length = 0;
});

describe('admins', () => {
  test('see who is a delegate for what, and come there from the accounts', async () => {
    const page = await stage.admin.get('/delegations');
    expect(page.status).toBe(200);
    for (const text of ['ann', 'team-x/**', 'by root', 'Take away… team-x/** from ann'])
      expect(page.body).toContain(text);
    expect(sent).toEqual([{ all: true }]);
    expect((await stage.admin.get('/accounts')).body).toContain('href="/delegations"');
    expect((await stage.admin.get('/delegations?account=bob')).body).toContain('value="bob"');
  });

  test('grant a delegation, and are told why one cannot be', async () => {
    const granted = await stage.admin.post('/delegations', { account: 'ann', pattern: ' team-x/** ' });
    expect(granted).toMatchObject({ status: 303, headers: { location: '/delegations' } });
    expect(sent).toEqual([{ account: 'ann', pattern: 'team-x/**' }]);
    const rejected = await stage.admin.post('/delegations', { account: 'ann', pattern: '**' });
    expect(rejected.status).toBe(422);
    expect(rejected.body).toContain('cannot be delegated.');
    expect(rejected.body).toContain('value="ann"');
  });

  test('are asked before they take one away, and learn what stays', async () => {
    const question = await stage.admin.get('/delegations/id-of-it/delete?page=two');
    expect(question.status).toBe(200);
    expect(question.body).toContain('Take team-x/** from ann?');
    expect(question.body).toContain('1 rule of ann stays in force');
    expect(question.body).toContain('>Mine<');
    for (const other of ['Frozen', 'Left behind before']) expect(question.body).not.toContain(other);
    expect(question.body).toContain('action="/delegations/id-of-it/delete?page=two"');
    expect(question.body).toContain('ann is no delegate any more');
    expect(sent).toEqual([{ all: true }]);
    expect((await stage.admin.get('/delegations/another/delete')).status).toBe(404);
  });

  test('take one away, and learn which rules stay', async () => {
    const { status } = await stage.admin.post('/delegations/id-of-it/delete');
    expect(status).toBe(303);
    const page = await stage.admin.get('/delegations');
    expect(page.body).toContain('ann no longer manages team-x/**. Rules of the account stay in force: 7, 9.');
    expect((await stage.admin.post('/delegations/another/delete')).status).toBe(303);
  });
});

describe('delegates', () => {
  test('find their places, and no others, and see what they manage', async () => {
    const page = await stage.grace.get('/me');
    for (const path of ['/policies', '/audit', '/tokens']) expect(page.body).toContain(`href="${path}"`);
    for (const path of ['/accounts', '/storage']) expect(page.body).not.toContain(`href="${path}"`);
    expect(page.body).toContain('Manages rules of <b>team-x/**</b>');
    const denial = await stage.grace.get('/delegations');
    expect(denial.status).toBe(403);
    expect(denial.body).toContain('Requires the admin role');
  });

  test('may change the rules of delegates, and look at those of admins', async () => {
    const { body } = await stage.grace.get('/policies');
    expect(body).toContain('You manage the rules of');
    expect(body).toContain('href="/policies/7"');
    expect(body).toContain('Disable rule 7');
    expect(body).not.toContain('href="/policies/8"');
    expect(body).toContain('Frozen: on, by an admin');
    const forAdmins = (await stage.admin.get('/policies')).body;
    expect(forAdmins).toContain('by a delegate');
    expect(forAdmins).toContain('href="/policies/8"');
    expect(forAdmins).not.toContain('You manage the rules of');
  });

  test('are told beside the form what is beyond their delegation, with what they typed in it', async () => {
    for (const path of ['/policies', '/policies/7']) {
      const fields = { priority: '5', effect: 'allow', description: 'too much', repositories: 'prod/**' };
      const { status, body } = await stage.grace.post(path, fields);
      expect(status).toBe(422);
      expect(body).toContain('the pattern &quot;prod/**&quot; is beyond team-x/**.');
      expect(body).toContain('too much');
      expect(body).toContain('You manage <code>team-x/**</code>');
    }
    // An admin who is denied has lost the role meanwhile: that is a page of its own.
    const fields = { priority: '5', effect: 'allow', repositories: 'prod/**' };
    expect((await stage.admin.post('/policies/7', fields)).status).toBe(403);
  });

  test('read the audit log without a list of accounts, and are told what is beyond', async () => {
    const page = await stage.grace.get('/audit');
    expect(page.status).toBe(200);
    expect(page.body).toContain('what was denied, in team-x/**.');
    expect(stage.registry.calls).toEqual(['ListAuditEvents']);
    const beyondIt = await stage.grace.get('/audit?repository=prod/app');
    expect(beyondIt.status).toBe(404);
    expect(beyondIt.body).toContain('is beyond team-x/**');
    expect((await stage.grace.get('/audit.csv?repository=prod/app')).status).toBe(403);
  });

  test('list and create tokens of robots, and are told what is beyond', async () => {
    const page = await stage.grace.get('/tokens?account=x-bot');
    expect(sent).toEqual([{ account: 'x-bot', all: false }]);
    expect(page.body).toContain('Tokens of');
    const { status, body } = await stage.grace.post('/tokens', { name: 'deploy', account: 'y-bot', days: '30' });
    expect(status).toBe(422);
    expect(body).toContain('is beyond team-x/**.');
  });
});
