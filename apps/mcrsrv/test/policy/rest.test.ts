import { describe, expect, test } from 'vitest';
import { useDoors } from '../_util/doors.ts';

const doors = useDoors();
const rules = '/v1/policy/rules';
const rule = {
  priority: 5,
  description: 'Machines may pull',
  effect: 'allow',
  roles: ['ci'],
  account_types: ['system'],
  subject: '3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f',
  actions: ['registry:pull'],
  repositories: ['team/*'],
  enabled: true,
};

async function create(body: object = rule): Promise<number> {
  const answer = await doors().rest('admin').post(rules, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

describe('policy rules', () => {
  test('are created, read, changed and deleted, each with an event', async () => {
    const rest = doors().rest('admin');
    const created = await rest.post(rules, rule);
    expect(created).toMatchObject({ status: 201, body: { ...rule, created_by: doors().id('admin') } });
    const path = `${rules}/${created.body.id}`;
    expect(created.header('location')).toBe(path);
    expect((await rest.get(path)).body).toEqual(created.body);
    const patched = await rest.patch(path, { priority: 6, enabled: false, description: '' });
    expect(patched.body).toEqual({
      ...created.body,
      priority: 6,
      enabled: false,
      description: '',
      updated_at: expect.any(String),
    });
    expect((await rest.get(path)).body).toEqual(patched.body);
    expect(await rest.delete(path)).toMatchObject({ status: 204, body: undefined });
    for (const again of [rest.get(path), rest.delete(path), rest.patch(path, {})]) {
      expect((await again).status).toBe(404);
    }
    const events = (await doors().server.audit()).filter(({ type }) => type.startsWith('policy_rule_'));
    expect(events.slice(0, 3).map(({ type }) => type)).toEqual([
      'policy_rule_deleted',
      'policy_rule_updated',
      'policy_rule_created',
    ]);
    expect(events[0]).toMatchObject({ actor: { name: 'admin' }, details: { rule_id: String(created.body.id) } });
  });

  test('match everything where nothing is said', async () => {
    const { body } = await doors().rest('admin').post(rules, { priority: 1, effect: 'allow', enabled: false });
    expect(body).toMatchObject({
      description: '',
      roles: [],
      account_types: [],
      actions: [],
      repositories: [],
      enabled: false,
    });
    expect(body).not.toHaveProperty('subject');
  });

  test.each([null, ''])('lose their subject by %j', async (subject) => {
    const path = `${rules}/${await create({ ...rule, enabled: false })}`;
    const { status, body } = await doors().rest('admin').patch(path, { subject });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('subject');
    expect(body).toMatchObject({ roles: ['ci'] });
    expect((await doors().rest('admin').get(path)).body).toEqual(body);
  });

  test('are in force with the answer that tells of them', async () => {
    const { server, rest } = doors();
    const machine = server.client('machine');
    expect((await machine.tags('team/new')).status).toBe(403);
    const allow = await create({ priority: 1, effect: 'allow', subject: doors().id('machine') });
    expect((await machine.tags('team/new')).status).toBe(404);
    await rest('admin').patch(`${rules}/${allow}`, { effect: 'deny' });
    expect((await machine.tags('team/new')).status).toBe(403);
    await rest('admin').patch(`${rules}/${allow}`, { effect: 'allow' });
    expect((await machine.tags('team/new')).status).toBe(404);
    await rest('admin').delete(`${rules}/${allow}`);
    expect((await machine.tags('team/new')).status).toBe(403);
  });

  test('that deny everything do not lock the admin out', async () => {
    const deny = await create({ priority: 1, effect: 'deny' });
    expect((await doors().rest('admin').get('/v1/repositories')).status).toBe(403);
    expect((await doors().rest('admin').delete(`${rules}/${deny}`)).status).toBe(204);
    expect((await doors().rest('admin').get('/v1/repositories')).status).toBe(200);
  });

  test('are listed by priority, then id, page by page', async () => {
    const rest = doors().rest('admin');
    for (const priority of [300, 100, 200, 100]) await create({ priority, effect: 'allow', enabled: false });
    const whole = (await rest.get(rules)).body.rules as { id: number; priority: number }[];
    const sorted = whole.toSorted((a, b) => a.priority - b.priority || a.id - b.id);
    expect(whole).toEqual(sorted);
    expect(whole.length).toBeGreaterThanOrEqual(4);
    expect((await rest.pages(`${rules}?n=1`)).flatMap((page) => page.rules)).toEqual(whole);
    expect((await rest.pages(`${rules}?n=3`)).flatMap((page) => page.rules)).toEqual(whole);
  });
});

describe('a rule that no request can match is rejected', () => {
  test.each<[object, string]>([
    [{ repositories: ['Secret/*'] }, 'write "secret/*"'],
    [{ repositories: ['ok/*', '/secret/*'] }, 'repositories.1: the pattern "/secret/*" matches no repository name'],
    [{ repositories: ['secret/'] }, 'write "secret/*"'],
    [{ repositories: ['secret/*/'] }, 'write "secret/*"'],
    [{ repositories: [' secret/app'] }, 'write "secret/app"'],
    [{ repositories: ['host:5000/secret/*'] }, 'write "secret/*"'],
    [{ repositories: ['secret/*:v1'] }, 'write "secret/*"'],
    [{ repositories: ['{a,b}'] }, 'write "a" and "b"'],
    [{ repositories: ['-'] }, 'names are words of a-z and 0-9'],
    [{ actions: ['registry:catalog'] }, 'registry:catalog is about no single repository'],
    [{ roles: ['Ops'] }, 'no account has the role "Ops"'],
    [{ roles: [' ci'] }, 'roles.0: must not be empty'],
  ])('%j', async (fields, words) => {
    const rest = doors().rest('admin');
    for (const effect of ['deny', 'allow']) {
      const answer = await rest.post(rules, { ...rule, ...fields, effect });
      expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(words) } });
    }
    const id = await create({ ...rule, enabled: false });
    expect((await rest.patch(`${rules}/${id}`, fields)).status).toBe(400);
    await rest.delete(`${rules}/${id}`);
  });

  test('and one that is stored already is listed with a warning, and can be disabled and mended', async () => {
    const { server, rest, rpc } = doors();
    const old = { description: '', roles: [], accountTypes: [], actions: [], enabled: true } as const;
    const { id } = await server.context.services.store.policy.createRule({
      actor: {},
      now: 1,
      rule: { ...old, priority: 9, effect: 'deny', repositories: ['Secret/*'] },
    });
    const warnings = ['the pattern "Secret/*" matches no repository name: names are in lower case; write "secret/*"'];
    const path = `${rules}/${id}`;
    expect((await rest('admin').get(path)).body).toMatchObject({ warnings });
    expect((await rpc('admin').policy.getPolicyRule({ id: BigInt(id) })).rule).toMatchObject({ warnings });
    expect(await rest('admin').patch(path, { enabled: false })).toMatchObject({ status: 200, body: { warnings } });
    expect((await rest('admin').patch(path, { repositories: ['Secret/*'] })).status).toBe(400);
    const mended = await rest('admin').patch(path, { repositories: ['secret/*'], actions: ['registry:pull'] });
    expect(mended).toMatchObject({ status: 200, body: { warnings: [] } });
    expect((await rest('admin').patch(path, { actions: ['registry:catalog'] })).status).toBe(400);
    await rest('admin').delete(path);
  });
});

test('a subject in upper case is the account of that id', async () => {
  const { server, rest, id } = doors();
  const deny = { priority: 1, effect: 'deny', subject: id('person').toUpperCase(), repositories: ['upper/*'] };
  const created = await rest('admin').post(rules, deny);
  expect(created).toMatchObject({ status: 201, body: { subject: id('person') } });
  expect((await server.client('person').tags('upper/app')).status).toBe(403);
  await rest('admin').delete(`${rules}/${created.body.id}`);
});

describe('what is no rule is refused', () => {
  const without = (field: string) => Object.fromEntries(Object.entries(rule).filter(([name]) => name !== field));

  test.each<[string, object, string]>([
    ['no priority', without('priority'), 'priority'],
    ['no effect', without('effect'), 'effect'],
    ['priority 0, which the built-in rules have', { ...rule, priority: 0 }, 'priority'],
    ['a negative priority', { ...rule, priority: -1 }, 'priority'],
    ['half a priority', { ...rule, priority: 1.5 }, 'priority'],
    ['a priority in quotes', { ...rule, priority: '1' }, 'priority'],
    ['a priority beyond all others', { ...rule, priority: 2 ** 31 }, 'priority'],
    ['another effect', { ...rule, effect: 'maybe' }, 'effect'],
    ['an unknown action', { ...rule, actions: ['registry:burn'] }, 'actions'],
    ['an unknown type of account', { ...rule, account_types: ['robot'] }, 'account_types'],
    ['a subject that is no UUID', { ...rule, subject: 'admin' }, 'subject'],
    ['a broken glob', { ...rule, repositories: ['team/['] }, 'repositories'],
    ['an empty glob', { ...rule, repositories: [''] }, 'repositories'],
    ['an empty role', { ...rule, roles: [''] }, 'roles'],
    ['a text for a list', { ...rule, roles: 'ci' }, 'roles'],
    ['101 globs', { ...rule, repositories: Array.from({ length: 101 }, () => 'a') }, 'repositories'],
    ['a long description', { ...rule, description: 'x'.repeat(1_001) }, 'description'],
    ['an unknown field', { ...rule, owner: 'me' }, 'owner'],
    ['an id of its own', { ...rule, id: 1 }, 'id'],
    ['a maker of its own', { ...rule, created_by: rule.subject }, 'created_by'],
  ])('with %s', async (_name, body, field) => {
    const rest = doors().rest('admin');
    const before = (await rest.get(rules)).body;
    const posted = await rest.post(rules, body);
    expect(posted).toMatchObject({ status: 400, body: { error: expect.stringContaining(field) } });
    expect((await rest.get(rules)).body).toEqual(before);
    const id = await create({ ...rule, enabled: false });
    const stored = (await rest.get(`${rules}/${id}`)).body;
    if (Object.keys(body).length >= Object.keys(rule).length) {
      expect((await rest.patch(`${rules}/${id}`, body)).status).toBe(400);
    }
    expect((await rest.get(`${rules}/${id}`)).body).toEqual(stored);
    await rest.delete(`${rules}/${id}`);
  });

  test.each(['0', '-1', 'x', '1.5', '1e3', '99999999999999999'])('with the id %s', async (id) => {
    const rest = doors().rest('admin');
    for (const answer of [
      rest.get(`${rules}/${id}`),
      rest.delete(`${rules}/${id}`),
      rest.patch(`${rules}/${id}`, {}),
    ]) {
      expect((await answer).status).toBe(400);
    }
  });

  test.each(['last=x', 'last=-1', 'n=-1', 'last=999999'])('with the page ?%s', async (query) => {
    expect((await doors().rest('admin').get(`${rules}?${query}`)).status).toBe(400);
  });
});

describe('POST /v1/policy/explain', () => {
  const path = '/v1/policy/explain';

  test('says which rules match, and which of them decides', async () => {
    const allow = await create({ priority: 2, effect: 'allow', repositories: ['frozen/*'] });
    const deny = await create({ priority: 3, effect: 'deny', repositories: ['frozen/*'], actions: ['registry:push'] });
    const question = { action: 'registry:push', repository: 'frozen/app' };
    const { status, body } = await doors().rest('admin').post(path, question);
    expect(status).toBe(200);
    expect(body).toMatchObject({ effect: 'deny', rule: { id: deny }, principal: { username: 'admin' } });
    expect(body.matches.map(({ id }: { id: number }) => id)).toEqual([-1, -2, allow, deny]);
    const byName = { ...question, action: 'registry:pull', principal: { username: 'machine' } };
    expect((await doors().rest('admin').post(path, byName)).body).toMatchObject({
      effect: 'allow',
      rule: { id: allow },
      principal: { id: doors().id('machine'), account_type: 'system' },
    });
    const described = { action: 'registry:catalog', principal: { account_type: 'system', roles: [] } };
    const none = (await doors().rest('admin').post(path, described)).body;
    expect(none).toMatchObject({ effect: 'deny', matches: [] });
    expect(none).not.toHaveProperty('rule');
    for (const id of [allow, deny]) await doors().rest('admin').delete(`${rules}/${id}`);
  });

  test('answers everybody about themselves, and only admins about others', async () => {
    const self = await doors().rest('person').post(path, { action: 'policy:manage' });
    expect(self).toMatchObject({ status: 200, body: { effect: 'deny', principal: { username: 'person' } } });
    const other = { action: 'registry:pull', repository: 'a', principal: { username: 'admin' } };
    expect((await doors().rest('person').post(path, other)).status).toBe(403);
  });

  test('tells other callers than admins the decision and the id of the rule, and nothing of any rule', async () => {
    const hidden = { description: 'Acquisition of Initech', subject: doors().id('person'), roles: ['user'] };
    const admin = doors().rest('admin');
    const { id: account } = (await admin.get('/v1/accounts')).body.accounts.find(
      ({ username }: { username: string }) => username === 'person',
    );
    const rolesBefore = (await admin.patch(`/v1/accounts/${account}`, { roles: ['user'] })).status;
    expect(rolesBefore).toBe(200);
    const deny = await create({ priority: 3, effect: 'deny', repositories: ['initech/*'], ...hidden });
    const question = { action: 'registry:pull', repository: 'initech/app' };
    const principal = { id: doors().id('person'), username: 'person', account_type: 'human', roles: ['user'] };
    const answer = { effect: 'deny', rule_id: deny, matches: [], principal };
    const named = [undefined, principal, { username: 'person' }, { id: principal.id.toUpperCase() }];
    for (const asked of named) {
      const { status, body } = await doors()
        .rest('person')
        .post(path, { ...question, principal: asked });
      expect({ status, body }).toEqual({ status: 200, body: answer });
    }
    const own = await doors().rpc('person').policy.explainPolicy(question);
    expect(own).toMatchObject({ effect: 'deny', ruleId: BigInt(deny), matches: [] });
    expect(own.rule).toBeUndefined();
    const whole = await admin.post(path, { ...question, principal: { username: 'person' } });
    expect(whole.body).toMatchObject({
      rule_id: deny,
      rule: { id: deny, ...hidden },
      matches: [{ id: -2 }, { id: deny }],
    });
    await admin.patch(`/v1/accounts/${account}`, { roles: [] });
    await admin.delete(`${rules}/${deny}`);
  });

  test.each<[string, object]>([
    ['another account', { username: 'machine' }],
    ['another id', { id: '3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f' }],
    ['an account of their name and another id', { username: 'person', id: '3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f' }],
    ['themselves with another type', { username: 'person', account_type: 'system' }],
    ['themselves with another role', { username: 'person', roles: ['admin'] }],
    ['whoever is human', { account_type: 'human' }],
    ['whoever there is', {}],
  ])('denies other callers than admins to ask about %s', async (_whom, principal) => {
    const question = { action: 'registry:pull', repository: 'initech/app', principal };
    expect((await doors().rest('person').post(path, question)).status).toBe(403);
  });

  test('answers 404 for an unknown account', async () => {
    const answer = await doors()
      .rest('admin')
      .post(path, { action: 'registry:pull', principal: { username: 'who' } });
    expect(answer.status).toBe(404);
  });

  test.each<[string, object]>([
    ['no action', {}],
    ['an unknown action', { action: 'registry:burn' }],
    ['a repository that is none', { action: 'registry:pull', repository: 'Team' }],
    ['an unknown field', { action: 'registry:pull', role: 'admin' }],
    ['an unknown field of the principal', { action: 'registry:pull', principal: { admin: true } }],
  ])('refuses %s', async (_name, body) => {
    expect((await doors().rest('admin').post(path, body)).status).toBe(400);
  });
});
