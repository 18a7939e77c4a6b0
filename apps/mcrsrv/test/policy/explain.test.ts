import { Code } from '@connectrpc/connect';
import { actions } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { useAdminApi, type Who } from '../_util/admin-api.ts';
import { expectRejection, type RpcClients } from '../_util/rpc.ts';
import { families } from '../_util/transports.ts';

type Question = Parameters<RpcClients['policy']['explainPolicy']>[0];

const api = useAdminApi();
const subject = '3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f';

describe.each(families)('ExplainPolicy over %s', (transport) => {
  const explain = (question: Question, who: Who = 'admin') => api().over(transport, who).policy.explainPolicy(question);
  const addRule = async (rule: Parameters<ReturnType<typeof api>['server']['addRule']>[0]): Promise<bigint> =>
    BigInt((await api().server.addRule(rule)).id);
  const deleteRule = (id: bigint) => api().over(transport).policy.deletePolicyRule({ id });

  test('says which rules match, and which of them decides', async () => {
    const allow = await addRule({ priority: 2, repositories: ['frozen/*'] });
    const push = ['registry:push'] as const;
    const deny = await addRule({ priority: 3, effect: 'deny', repositories: ['frozen/*'], actions: push });
    const question = { action: 'registry:push', repository: 'frozen/app' };
    const own = await explain(question);
    expect(own).toMatchObject({ effect: 'deny', rule: { id: deny }, principal: { username: 'admin' } });
    expect(own.matches.map(({ id }) => id)).toEqual([-1n, -2n, allow, deny]);
    const person = await explain({ ...question, principal: { username: 'person' } });
    const principal = { id: api().id('person'), username: 'person', accountType: 'human' };
    expect(person).toMatchObject({ effect: 'deny', rule: { id: deny }, principal });
    expect(person.matches.map(({ id }) => id)).toEqual([-2n, allow, deny]);
    const pull = { ...question, action: 'registry:pull', principal: { username: 'machine' } };
    expect(await explain(pull)).toMatchObject({
      effect: 'allow',
      rule: { id: allow },
      principal: { id: api().id('machine'), accountType: 'system' },
    });
    for (const id of [allow, deny]) await deleteRule(id);
  });

  test('evaluates a described account by its description alone', async () => {
    const principal = { id: subject, accountType: 'system', username: 'grace', roles: [] };
    for (const action of ['policy:manage', 'registry:catalog']) {
      const none = await explain({ principal, action });
      expect(none).toMatchObject({ effect: 'deny', matches: [], principal });
      expect(none.rule).toBeUndefined();
    }
    const promoted = { ...principal, roles: ['admin'] };
    const allowed = { effect: 'allow', rule: { id: -1n } };
    expect(await explain({ principal: promoted, action: 'policy:manage' })).toMatchObject(allowed);
    const stripped = { username: 'admin', accountType: 'system' };
    const response = await explain({ principal: stripped, action: 'policy:manage' });
    expect(response).toMatchObject({ effect: 'deny', principal: { username: 'admin', roles: [] } });
  });

  test('tells other callers than admins the decision and the id of the rule, and nothing of any rule', async () => {
    const { admin } = api().over(transport);
    const id = api().id('person');
    const hidden = { description: 'Acquisition of Initech', subject: id, roles: ['user'] };
    await admin.updateAccount({ id, roles: { values: ['user'] } });
    const deny = await addRule({ priority: 3, effect: 'deny', repositories: ['initech/*'], ...hidden });
    const question = { action: 'registry:pull', repository: 'initech/app' };
    const principal = { id, username: 'person', accountType: 'human', roles: ['user'] };
    for (const asked of [undefined, principal, { username: 'person' }, { id: id.toUpperCase() }]) {
      const own = await explain({ ...question, ...(asked && { principal: asked }) }, 'person');
      expect(own).toMatchObject({ effect: 'deny', ruleId: deny, matches: [], principal });
      expect(own.rule).toBeUndefined();
    }
    const whole = await explain({ ...question, principal: { username: 'person' } });
    const matches = [{ id: -2n }, { id: deny }];
    expect(whole).toMatchObject({ ruleId: deny, rule: { id: deny, ...hidden }, matches });
    await admin.updateAccount({ id, roles: { values: [] } });
    await deleteRule(deny);
  });

  test('tells admins which rules nearly allowed it and the fields that failed, and others nothing of them', async () => {
    const only = { actions: ['registry:pull'] as const, repositories: ['near/*'] };
    const byRole = await addRule({ priority: 2, ...only, roles: ['deploy'] });
    const disabled = await addRule({ priority: 3, ...only, enabled: false, repositories: ['near/other'] });
    const question = { action: 'registry:pull', repository: 'near/app' };
    const { effect, nearMisses } = await explain({ ...question, principal: { username: 'machine' } });
    expect(effect).toBe('deny');
    const found = nearMisses.map(({ rule, failed }) => [rule?.id, rule?.enabled, failed]);
    expect(found).toEqual([
      [byRole, true, ['roles']],
      [disabled, false, ['enabled', 'repositories']],
    ]);
    expect(await explain(question, 'machine')).toMatchObject({ effect: 'deny', matches: [], nearMisses: [] });
    for (const id of [byRole, disabled]) await deleteRule(id);
  });

  test('is for everyone about themselves', async () => {
    const self = await explain({ action: 'policy:manage' }, 'person');
    expect(self).toMatchObject({ effect: 'deny', principal: { username: 'person' } });
  });

  test.each<[string, Question['principal']]>([
    ['an admin', { username: 'admin' }],
    ['another account', { username: 'machine' }],
    ['another id', { id: subject }],
    ['an account of their name and another id', { username: 'person', id: subject }],
    ['themselves with another type', { username: 'person', accountType: 'system' }],
    ['themselves with another role', { username: 'person', roles: ['admin'] }],
    ['any human account', { accountType: 'human' }],
    ['any account', {}],
  ])('is denied to other callers than admins about %s', async (_whom, principal) => {
    const question = { action: 'registry:pull', repository: 'initech/app', principal: principal! };
    await expectRejection(explain(question, 'person'), Code.PermissionDenied, 'DENIED');
  });

  test.each<[string, Question, string]>([
    ['no action', {}, 'action'],
    ['an empty action', { action: '' }, 'action'],
    ['an unknown action', { action: 'registry:burn' }, 'action'],
    ['a type that is none', { action: 'registry:pull', principal: { accountType: 'robot' } }, 'account_type'],
  ])('rejects %s', async (_name, question, field) => {
    expect(await expectRejection(explain(question), Code.InvalidArgument, 'PARAMETER_INVALID')).toContain(field);
  });

  test('rejects a repository that is none and an account that is not there', async () => {
    const bad = explain({ action: 'registry:pull', repository: 'Team' });
    await expectRejection(bad, Code.InvalidArgument, 'NAME_INVALID');
    const unknown = explain({ action: 'registry:pull', principal: { username: 'who' } });
    await expectRejection(unknown, Code.NotFound, 'NOT_FOUND');
  });
});

describe('POST /v1/policy/explain', () => {
  const question = { action: 'registry:pull', repository: 'team/app' };
  const post = (body: object) => api().rest('person').post('/v1/policy/explain', body);

  test('has nothing but what the caller may know', async () => {
    const principal = { id: api().id('person'), username: 'person', account_type: 'human', roles: [] };
    const body = { effect: 'allow', rule_id: -2, matches: [], near_misses: [], principal, policy_default: 'open' };
    const { status, body: seen } = await post(question);
    expect({ status, seen }).toEqual({ status: 200, seen: body });
  });

  test.each<[string, object]>([
    ['an unknown field', { ...question, role: 'admin' }],
    ['an unknown field of the principal', { ...question, principal: { admin: true } }],
  ])('rejects %s', async (_name, body) => {
    expect((await post(body)).status).toBe(400);
  });
});

describe.each(families)('ListPermissions over %s', (transport) => {
  const list = async (who: Who, repository = '') =>
    (await api().over(transport, who).auth.listPermissions({ repository })).permissions;
  const allowed = async (who: Who, repository = '') => {
    const permissions = await list(who, repository);
    expect(permissions.map(({ action }) => action)).toEqual([...actions]);
    return permissions.filter((it) => it.allowed).map(({ action }) => action);
  };

  test('says what policy lets one do, in a repository and elsewhere', async () => {
    expect(await allowed('admin')).toEqual([...actions]);
    expect(await allowed('machine')).toEqual(['registry:version_check']);
    expect(await allowed('person')).toContain('registry:pull');
    const deny = { priority: 1, effect: 'deny', repositories: ['secret/*'], actions: ['registry:push'] };
    const { rule } = await api().over(transport).policy.createPolicyRule(deny);
    expect(await allowed('person', 'secret/app')).not.toContain('registry:push');
    expect(await allowed('person', 'open/app')).toContain('registry:push');
    await api().over(transport).policy.deletePolicyRule({ id: rule!.id });
  });

  test('names a stored rule by its id, and tells only admins what it says of itself', async () => {
    const { policy } = api().over(transport);
    const description = 'Acquisition of Initech';
    const deny = { priority: 2, effect: 'deny', repositories: ['initech/*'], actions: ['registry:pull'], description };
    const { id } = (await policy.createPolicyRule(deny)).rule!;
    const pull = async (who: Who, repository: string) =>
      (await list(who, repository)).find(({ action }) => action === 'registry:pull');
    expect(await pull('person', 'initech/app')).toMatchObject({ allowed: false, ruleId: id, rule: `Rule ${id}` });
    expect(await pull('admin', 'initech/app')).toMatchObject({ allowed: false, ruleId: id, rule: description });
    const builtin = { allowed: true, ruleId: -2n, rule: 'People may pull, push, delete and list everywhere' };
    expect(await pull('person', 'open/app')).toMatchObject(builtin);
    await policy.deletePolicyRule({ id });
  });

  test('rejects what is no name', async () => {
    await expectRejection(list('admin', 'No'), Code.InvalidArgument, 'NAME_INVALID');
  });
});
