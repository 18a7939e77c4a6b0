import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const rule = { id: 7n, priority: 20, description: 'CI pulls', effect: 'allow', roles: ['ci'], enabled: true };
const sent: unknown[] = [];
let isEmpty = false;
let isOdd: string[] = [];
let matched: string[] = [];
let policyDefault = 'open';
const responses: Responses = {
  policy: {
    listPolicyRules: ({ pageToken }) => {
      if (isEmpty) return { builtinRules: [{ id: -1n, description: 'Admins may do everything', effect: 'allow' }] };
      return pageToken === ''
        ? { rules: [{ ...rule, warnings: isOdd }], nextPageToken: 'two', policyDefault }
        : { rules: [{ ...rule, id: 8n }] };
    },
    getPolicyRule: () => ({ rule: { ...rule, repositories: matched } }),
    matchRepositories: ({ pattern }) => {
      if (pattern === 'prod**') throw new ConnectError('write "prod*"', Code.InvalidArgument);
      if (pattern === 'none/*') return {};
      return { repositories: ['prod/<b>app', 'prod/web'], nextPageToken: pattern === '**' ? 'more' : '' };
    },
    createPolicyRule: (request) => {
      sent.push(request);
      if (request.repositories.includes('[')) throw new ConnectError('The glob "[" does not end', Code.InvalidArgument);
      return { rule };
    },
    updatePolicyRule: (request) => {
      sent.push(request);
      if (request.subject === 'x') throw new ConnectError('subject must be a UUID', Code.InvalidArgument);
      return { rule };
    },
    explainPolicy: (request) => {
      sent.push(request);
      if (request.principal?.username === 'nobody') throw new ConnectError('There is no such account', Code.NotFound);
      if (request.repository === 'A') throw new ConnectError('"A" is no repository name', Code.InvalidArgument);
      return { effect: 'deny', principal: { username: 'ci', accountType: 'system', roles: [] } };
    },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  isEmpty = false;
  sent.length = 0;
});

describe('the explanation of a decision', () => {
  test.each([
    ['who=nobody&action=registry%3Apull', 'There is no such account.'],
    ['who=ci&action=registry%3Apull&repository=A', '&quot;A&quot; is no repository name.'],
    ['who=&action=registry%3Apull', 'Enter an account name, a type or roles.'],
  ])('that fails (%s) is an error in its panel, below the rules', async (query, words) => {
    const { status, body } = await stage.admin.get(`/policies?${query}`);
    expect(status).toBe(200);
    expect(body).toContain('CI pulls');
    expect(body).toContain(`<p id="decision" class="problem" role="alert">${words}</p>`);
  });

  test('takes one round of calls, and has its own command', async () => {
    stage.registry.calls.length = 0;
    const path = '/policies?who=ci&account_type=system&roles=a,b&action=registry%3Apush&repository=team%2F*';
    const { body } = await stage.admin.get(path);
    expect(stage.registry.calls.toSorted()).toEqual(['ExplainPolicy', 'ListPolicyRules']);
    expect(sent).toMatchObject([{ principal: { username: 'ci', accountType: 'system', roles: ['a', 'b'] } }]);
    expect(body).toContain('ci (system, no roles): no rule matches');
    expect(body).toContain(
      'mcrctl policy explain registry:push &#39;team/*&#39; --user ci --account-type system --role a --role b<',
    );
  });

  test('that was not requested makes no call', async () => {
    expect((await stage.admin.get('/policies')).body).not.toContain('id="decision"');
    expect(sent).toEqual([]);
  });
});

describe('the form of a rule', () => {
  const filled = {
    description: 'Mine',
    effect: 'deny',
    priority: '30',
    action: 'registry:pull',
    roles: 'a, b',
    enabled: 'on',
  };

  test('creates one', async () => {
    const response = await stage.admin.post('/policies', { ...filled, repositories: 'team/*\nmirror/*' });
    expect(response).toMatchObject({ status: 303, headers: { location: '/policies' } });
    expect(sent).toMatchObject([
      { priority: 30, roles: ['a', 'b'], repositories: ['team/*', 'mirror/*'], enabled: true },
    ]);
    expect((await stage.admin.get('/policies')).body).toContain('Created rule 7.');
  });

  test('changes every field of one', async () => {
    const before = await stage.admin.get('/policies/7');
    expect(before.body).toContain('value="CI pulls"');
    expect(before.body).toContain(
      'mcrctl policy update 7 --priority 20 --description &#39;CI pulls&#39; --effect allow --role ci<',
    );
    const response = await stage.admin.post('/policies/7', { ...filled, roles: '', enabled: 'on' });
    expect(response).toMatchObject({ status: 303, headers: { location: '/policies' } });
    const lists = { roles: { values: [] }, actions: { values: ['registry:pull'] }, repositories: { values: [] } };
    expect(sent).toMatchObject([
      { id: 7n, priority: 30, description: 'Mine', effect: 'deny', ...lists, enabled: true },
    ]);
  });

  test.each([
    ['/policies', { priority: '1.5' }, 'Priority must be a whole number, 1 to 1000000.', 'value="1.5"'],
    ['/policies', { repositories: '[' }, 'The glob &quot;[&quot; does not end.', '>[</textarea>'],
    ['/policies/7', { subject: 'x' }, 'subject must be a UUID.', 'name="subject" value="x"'],
  ])('%s %j is shown again with the error', async (path, wrong, words, kept) => {
    const { status, body } = await stage.admin.post(path, { ...filled, ...wrong });
    expect(status).toBe(422);
    expect(body).toContain(`<p class="problem" role="alert">${words}</p>`);
    expect(body).toContain(kept);
    expect(body).toContain('value="Mine"');
    expect(body).toContain(`<form method="post" action="${path}"`);
  });
});

test.each(['/policies', '/policies/7'])(
  'a rule for everything at %s is saved only once that is confirmed',
  async (path) => {
    const everything = { priority: '5', description: 'Mine', effect: 'deny', enabled: 'on' };
    const { status, body } = await stage.admin.post(path, everything);
    expect(status).toBe(422);
    expect(sent).toEqual([]);
    expect(body).toContain('This rule has no conditions: it would deny every action of every account');
    expect(body).toContain('type="checkbox" name="everything" value="on" required>');
    expect(body).toContain('value="Mine"');
    if (path !== '/policies') expect(body).toContain('--effect deny --everything');
    expect(await stage.admin.post(path, { ...everything, everything: 'on' })).toMatchObject({ status: 303 });
    expect(sent).toMatchObject([{ priority: 5, effect: 'deny' }]);
  },
);

test('warnings of a rule are shown above the list, and at the rule', async () => {
  const warning = 'the pattern "Secret/*" matches no repository name: names are in lower case; write "secret/*"';
  isOdd = [warning];
  const { body } = await stage.admin.get('/policies');
  expect(body).toContain(`href="/policies/7">Rule 7</a>: ${warning.replaceAll('"', '&quot;')}.`);
  expect(body).toMatch(/CI pulls<\/bdi><\/a> <span class="badge badge--warn">[^]*check it/);
  isOdd = [];
  expect((await stage.admin.get('/policies')).body).not.toContain('check it');
});

test('enabling a rule leads back to its page of the list', async () => {
  const { body } = await stage.admin.get('/policies?page=two');
  expect(body).toContain('action="/policies/8/enabled?page=two"');
  expect(body).toContain('First page');
  const response = await stage.admin.post('/policies/8/enabled?page=two', { enabled: 'false' });
  expect(response).toMatchObject({ status: 303, headers: { location: '/policies?page=two' } });
  expect(sent).toMatchObject([{ id: 8n, enabled: false }]);
  expect((await stage.admin.get('/policies?page=two')).body).toContain('Rule 8 is disabled.');
});

test('without rules the command that creates one is shown', async () => {
  isEmpty = true;
  const { body } = await stage.admin.get('/policies');
  expect(body).toContain(
    'mcrctl policy create --effect allow --priority 100 --account-type system --action registry:pull',
  );
});

describe('what the patterns of a rule match now', () => {
  test('is shown while they are typed', async () => {
    const patterns = ['prod/**', '**', 'none/*', 'prod**'].join('\n');
    const { status, body } = await stage.admin.get(
      `/policies/matches?${new URLSearchParams({ repositories: patterns }).toString()}`,
    );
    expect(status).toBe(200);
    expect(body.replaceAll(/<\/?bdi>/g, '')).toBe(
      '<ul id="matches" class="hint matches" aria-live="polite">' +
        '<li><code>prod/**</code> matches prod/&lt;b&gt;app, prod/web</li>' +
        '<li><code>**</code> matches prod/&lt;b&gt;app, prod/web and maybe more</li>' +
        '<li><code>none/*</code> matches no repository yet</li>' +
        '<li>write &quot;prod*&quot;.</li></ul>',
    );
  });

  test('is asked about five patterns at most', async () => {
    stage.registry.calls.length = 0;
    const patterns = Array.from({ length: 100 }, (_, at) => `a${at}`).join(',');
    await stage.admin.get(`/policies/matches?${new URLSearchParams({ repositories: patterns }).toString()}`);
    expect(stage.registry.calls.filter((call) => call === 'MatchRepositories')).toHaveLength(5);
  });

  test('is there when a rule is opened, without a script', async () => {
    matched = ['prod/**'];
    const { body } = await stage.admin.get('/policies/7');
    matched = [];
    expect(body).toContain('<li><code>prod/**</code> matches');
    expect((await stage.admin.get('/policies/new')).body).toContain(
      '<ul id="matches" class="hint matches" aria-live="polite"></ul>',
    );
  });
});

test('a new rule begins with the actions and patterns that a link names, and with no more', async () => {
  const query = 'action=registry%3Apull&action=registry%3Apush&repositories=team%2F**&enabled=&effect=deny';
  const { body } = await stage.admin.get(`/policies/new?${query}`);
  expect(body.match(/name="action" value="[^"]+" checked/g)).toEqual([
    'name="action" value="registry:pull" checked',
    'name="action" value="registry:push" checked',
  ]);
  expect(body).toMatch(/<textarea[^>]* name="repositories"[^>]*>team\/\*\*<\/textarea>/);
  expect(body).toContain('<option value="allow" selected>');
});

test('exceptions and the name of an account are sent as they are typed', async () => {
  const { status } = await stage.admin.post('/policies', {
    priority: '5',
    effect: 'deny',
    subject: 'ann',
    except_roles: 'ops, root',
    except_subjects: 'bob',
  });
  expect(status).toBe(303);
  expect(sent).toMatchObject([{ subject: 'ann', exceptRoles: ['ops', 'root'], exceptSubjects: ['bob'] }]);
});

test('a closed registry says so', async () => {
  expect((await stage.admin.get('/policies')).body).not.toContain('This registry is closed');
  policyDefault = 'closed';
  const { body } = await stage.admin.get('/policies');
  policyDefault = 'open';
  expect(body).toContain('This registry is closed: people have only the access that rules give them.');
});
