import { Code } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { expectRejection, type RpcClients } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';
import { families } from '../_util/transports.ts';

type Policy = RpcClients['policy'];
type NewRule = Parameters<Policy['createPolicyRule']>[0];

const api = useAdminApi();
const subject = '3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f';
const rule = {
  priority: 5,
  description: 'Machines may pull',
  effect: 'allow',
  roles: ['ci'],
  accountTypes: ['system'],
  subject,
  actions: ['registry:pull'],
  repositories: ['team/*'],
};

describe.each(families)('policy rules over %s', (transport) => {
  const policy = (): Policy => api().over(transport).policy;
  const create = async (fields: NewRule = rule): Promise<bigint> => (await policy().createPolicyRule(fields)).rule!.id;
  const all = async () => (await policy().listPolicyRules({ pageSize: 1_000 })).rules;
  const expectInvalid = (call: Promise<unknown>) => expectRejection(call, Code.InvalidArgument, 'PARAMETER_INVALID');

  test('are created, read, changed and deleted, each with an event', async () => {
    const { rule: created } = await policy().createPolicyRule(rule);
    expect(created).toMatchObject({ ...rule, enabled: true, createdBy: api().id('admin') });
    expect(created?.createdAt).toBeDefined();
    const { id } = created!;
    expect((await policy().getPolicyRule({ id })).rule).toEqual(created);
    const { rule: changed } = await policy().updatePolicyRule({ id, priority: 6, enabled: false, description: '' });
    const expected = { ...created, priority: 6, enabled: false, description: '', updatedAt: changed?.updatedAt };
    expect(changed).toEqual(expected);
    expect(changed?.updatedAt).toBeDefined();
    expect((await policy().getPolicyRule({ id })).rule).toEqual(changed);
    expect((await policy().updatePolicyRule({ id, roles: { values: [] } })).rule).toMatchObject({ roles: [] });
    expect((await policy().updatePolicyRule({ id })).rule).toMatchObject({ priority: 6, enabled: false, roles: [] });
    await policy().deletePolicyRule({ id });
    for (const call of [
      () => policy().getPolicyRule({ id }),
      () => policy().updatePolicyRule({ id }),
      () => policy().deletePolicyRule({ id }),
    ]) {
      await expectRejection(call(), Code.NotFound, 'NOT_FOUND');
    }
    const events = (await api().server.audit()).filter(({ type }) => type.startsWith('policy_rule_'));
    const kinds = ['deleted', 'updated', 'updated', 'updated', 'created'];
    expect(events.slice(0, 5).map(({ type }) => type)).toEqual(kinds.map((kind) => `policy_rule_${kind}`));
    expect(events[0]).toMatchObject({ actor: { name: 'admin' }, details: { rule_id: String(id) } });
  });

  test('match everything where nothing is said', async () => {
    const { rule: open } = await policy().createPolicyRule({ priority: 1, effect: 'allow', enabled: false });
    const nothing = { description: '', roles: [], accountTypes: [], actions: [], repositories: [], enabled: false };
    expect(open).toMatchObject(nothing);
    expect(open?.subject).toBeUndefined();
  });

  test('lose their subject by an empty text, and keep it when nothing is said', async () => {
    const id = await create({ ...rule, enabled: false });
    expect((await policy().updatePolicyRule({ id, description: '' })).rule).toMatchObject({ subject, description: '' });
    const { rule: changed } = await policy().updatePolicyRule({ id, subject: '' });
    expect(changed?.subject).toBeUndefined();
    expect(changed).toMatchObject({ roles: ['ci'] });
    expect((await policy().getPolicyRule({ id })).rule).toEqual(changed);
    const without = await policy().createPolicyRule({ ...rule, enabled: false, subject: '' });
    expect(without.rule?.subject).toBeUndefined();
  });

  test('are in force with the response that tells of them', async () => {
    const machine = api().over(transport, 'machine').registry;
    const client = api().server.client('machine');
    const expectDenied = async () => {
      expect((await client.tags('team/new')).status).toBe(403);
      await expectRejection(machine.listRepositories({}), Code.PermissionDenied, 'DENIED');
    };
    const expectAllowed = async () => {
      expect((await client.tags('team/new')).status).toBe(404);
      expect((await machine.listRepositories({})).repositories).toEqual([]);
    };
    await expectDenied();
    const id = await create({ priority: 1, effect: 'allow', subject: api().id('machine') });
    await expectAllowed();
    await policy().updatePolicyRule({ id, effect: 'deny' });
    await expectDenied();
    await policy().updatePolicyRule({ id, effect: 'allow' });
    await expectAllowed();
    await policy().updatePolicyRule({ id, enabled: false });
    await expectDenied();
    await policy().updatePolicyRule({ id, enabled: true });
    await expectAllowed();
    await policy().deletePolicyRule({ id });
    await expectDenied();
  });

  test('that deny everything do not lock the admin out', async () => {
    const { registry } = api().over(transport);
    const id = await create({ priority: 1, effect: 'deny' });
    await expectRejection(registry.listRepositories({}), Code.PermissionDenied, 'DENIED');
    await policy().deletePolicyRule({ id });
    expect((await registry.listRepositories({})).repositories).toEqual([]);
  });

  test('are listed by priority, then id, page by page, with the built-in ones on the first page only', async () => {
    for (const priority of [300, 100, 200, 100]) await create({ priority, effect: 'allow', enabled: false });
    const { rules, builtinRules } = await policy().listPolicyRules({ pageSize: 1_000 });
    expect(rules.length).toBeGreaterThanOrEqual(4);
    expect(rules).toEqual(rules.toSorted((a, b) => a.priority - b.priority || Number(a.id - b.id)));
    expect(builtinRules.map(({ id }) => id)).toEqual([-1n, -2n, -3n]);
    for (const it of builtinRules) expect(it).toMatchObject({ priority: 0, effect: 'allow', enabled: true });
    expect(builtinRules[0]?.createdAt).toBeUndefined();
    for (const pageSize of [1, 2, 3]) {
      const pages = await rpcPages((pageToken) => policy().listPolicyRules({ pageSize, pageToken }));
      expect(pages.flatMap((page) => page.rules)).toEqual(rules);
      expect(pages.map((page) => page.builtinRules.length)).toEqual([3, ...pages.slice(1).map(() => 0)]);
    }
    for (const { id } of rules) await policy().deletePolicyRule({ id });
  });

  test.each<[Partial<typeof rule>, string]>([
    [{ repositories: ['Secret/*'] }, 'write "secret/*"'],
    [{ repositories: ['ok/*', '/secret/*'] }, 'repositories.1: the pattern "/secret/*" matches no repository name'],
    [{ repositories: ['secret/'] }, 'write "secret/*"'],
    [{ repositories: ['secret/*/'] }, 'write "secret/*"'],
    [{ repositories: [' secret/app'] }, 'write "secret/app"'],
    [{ repositories: ['host:5000/secret/*'] }, 'write "secret/*"'],
    [{ repositories: ['secret/*:v1'] }, 'write "secret/*"'],
    [{ repositories: ['{a,b}'] }, 'write "a" and "b"'],
    [{ repositories: ['-'] }, 'names are words of a-z and 0-9'],
    [
      { actions: ['registry:catalog'] },
      'the rule never matches, since it has patterns but its actions (registry:catalog) concern no repository',
    ],
    [{ roles: ['Ops'] }, 'no account has the role "Ops"'],
    [{ roles: [' ci'] }, 'roles.0: must not be empty'],
  ])('that no request can match are rejected: %j', async (fields, words) => {
    for (const effect of ['deny', 'allow']) {
      expect(await expectInvalid(policy().createPolicyRule({ ...rule, ...fields, effect }))).toContain(words);
    }
    const id = await create({ ...rule, enabled: false });
    const lists = Object.entries(fields).map(([name, values]) => [name, { values }]);
    await expectInvalid(policy().updatePolicyRule({ id, ...Object.fromEntries(lists) }));
    await policy().deletePolicyRule({ id });
  });

  test('that no request can match and that are stored already are listed with a warning, and can be mended', async () => {
    const old = { description: '', roles: [], accountTypes: [], actions: [], enabled: true } as const;
    const stored = await api().server.addRule({ ...old, priority: 9, effect: 'deny', repositories: ['Secret/*'] });
    const id = BigInt(stored.id);
    const warnings = ['the pattern "Secret/*" matches no repository name: names are in lower case; write "secret/*"'];
    expect((await policy().getPolicyRule({ id })).rule).toMatchObject({ warnings });
    expect((await policy().updatePolicyRule({ id, enabled: false })).rule).toMatchObject({ warnings });
    await expectInvalid(policy().updatePolicyRule({ id, repositories: { values: ['Secret/*'] } }));
    const repair = { id, repositories: { values: ['secret/*'] }, actions: { values: ['registry:pull'] } };
    expect((await policy().updatePolicyRule(repair)).rule).toMatchObject({ warnings: [] });
    await expectInvalid(policy().updatePolicyRule({ id, actions: { values: ['registry:catalog'] } }));
    await policy().deletePolicyRule({ id });
  });

  test('with a subject in upper case are about the account of that id', async () => {
    const person = api().id('person');
    const deny = { priority: 1, effect: 'deny', subject: person.toUpperCase(), repositories: ['upper/*'] };
    const { rule: created } = await policy().createPolicyRule(deny);
    expect(created?.subject).toBe(person);
    expect((await api().server.client('person').tags('upper/app')).status).toBe(403);
    await policy().deletePolicyRule({ id: created!.id });
  });

  test.each<[string, Partial<typeof rule>, string]>([
    ['nothing', {}, 'priority'],
    ['no priority', { effect: 'allow' }, 'priority'],
    ['priority 0, which the built-in rules have', { ...rule, priority: 0 }, 'priority'],
    ['a negative priority', { ...rule, priority: -1 }, 'priority'],
    ['no effect', { priority: 5 }, 'effect'],
    ['an empty effect', { ...rule, effect: '' }, 'effect'],
    ['another effect', { ...rule, effect: 'maybe' }, 'effect'],
    ['an unknown action', { ...rule, actions: ['registry:burn'] }, 'actions'],
    ['an unknown type of account', { ...rule, accountTypes: ['robot'] }, 'account_types'],
    ['a subject that is neither a UUID nor a name', { ...rule, subject: 'Ad min' }, 'subject'],
    ['a subject that is the name of no account', { ...rule, subject: 'who' }, 'subject: there is no account "who"'],
    ['a broken glob', { ...rule, repositories: ['team/['] }, 'repositories'],
    ['an empty glob', { ...rule, repositories: [''] }, 'repositories'],
    ['101 globs', { ...rule, repositories: Array.from({ length: 101 }, () => 'a') }, 'repositories'],
    ['an empty role', { ...rule, roles: [''] }, 'roles'],
    ['a long description', { ...rule, description: 'x'.repeat(1_001) }, 'description'],
  ])('are not created, nor changed, with %s', async (_name, fields, field) => {
    const id = await create({ ...rule, enabled: false });
    const before = await all();
    expect(await expectInvalid(policy().createPolicyRule(fields))).toContain(field);
    if (fields.roles !== undefined) {
      const { roles = [], accountTypes = [], actions = [], repositories = [], ...rest } = fields;
      const lists = Object.entries({ roles, accountTypes, actions, repositories });
      const change = Object.fromEntries(lists.map(([name, values]) => [name, { values }]));
      expect(await expectInvalid(policy().updatePolicyRule({ id, ...rest, ...change }))).toContain(field);
    }
    expect(await all()).toEqual(before);
    await policy().deletePolicyRule({ id });
  });

  test.each([0n, -1n])('are not found by the id %s, which none has', async (id) => {
    await expectInvalid(policy().getPolicyRule({ id }));
    await expectInvalid(policy().updatePolicyRule({ id }));
    await expectInvalid(policy().deletePolicyRule({ id }));
  });

  test('are not listed from a place that is none, nor in a negative number', async () => {
    for (const pageToken of ['bmFtZQ', 'OTk5OTk', 'LTE', 'eA']) {
      await expectInvalid(policy().listPolicyRules({ pageToken }));
    }
    await expectInvalid(policy().listPolicyRules({ pageSize: -1 }));
  });
});

describe('policy rules over gRPC alone', () => {
  const policy = () => api().rpc('admin').policy;

  test.each([2n ** 53n, 2n ** 63n - 1n])('are not found by the id %s, which JSON cannot write', async (id) => {
    await expectRejection(policy().getPolicyRule({ id }), Code.InvalidArgument, 'PARAMETER_INVALID');
    await expectRejection(policy().updatePolicyRule({ id }), Code.InvalidArgument, 'PARAMETER_INVALID');
    await expectRejection(policy().deletePolicyRule({ id }), Code.InvalidArgument, 'PARAMETER_INVALID');
  });

  test('are not listed from a token that is none', async () => {
    await expectRejection(policy().listPolicyRules({ pageToken: '!' }), Code.InvalidArgument, 'PARAMETER_INVALID');
  });
});

describe('policy rules over REST alone', () => {
  const path = '/v1/policy/rules';
  const { accountTypes, ...rest } = rule;
  const body = { ...rest, account_types: accountTypes, enabled: false };
  const rules = async () => (await api().rest('admin').get(`${path}?n=1000`)).body;

  test('have a Location, and lose their subject by null', async () => {
    const created = await api().rest('admin').post(path, body);
    const location = `${path}/${created.body.id}`;
    expect(created.header('location')).toBe(location);
    const { status, body: changed } = await api().rest('admin').patch(location, { subject: null });
    expect(status).toBe(200);
    expect(changed).not.toHaveProperty('subject');
    expect((await api().rest('admin').get(location)).body).toEqual(changed);
    await api().rest('admin').delete(location);
  });

  test.each<[string, object, string]>([
    ['half a priority', { priority: 1.5 }, 'priority'],
    ['a priority in quotes', { priority: '1' }, 'priority'],
    ['a priority beyond all others', { priority: 2 ** 31 }, 'priority'],
    ['a text for a list', { roles: 'ci' }, 'roles'],
    ['an unknown field', { owner: 'me' }, 'owner'],
    ['an id of its own', { id: 1 }, 'id'],
    ['a maker of its own', { created_by: subject }, 'created_by'],
  ])('are not created, nor changed, with %s', async (_name, fields, field) => {
    const { id } = (await api().rest('admin').post(path, body)).body;
    const before = await rules();
    const posted = await api()
      .rest('admin')
      .post(path, { ...body, ...fields });
    expect(posted).toMatchObject({ status: 400, body: { error: expect.stringContaining(field) } });
    expect(
      (
        await api()
          .rest('admin')
          .patch(`${path}/${id}`, { ...body, ...fields })
      ).status,
    ).toBe(400);
    expect(await rules()).toEqual(before);
    await api().rest('admin').delete(`${path}/${id}`);
  });

  test.each(['x', '1.5', '1e3', '99999999999999999'])('are not found by the id %s', async (id) => {
    const rest = api().rest('admin');
    const calls = [rest.get(`${path}/${id}`), rest.delete(`${path}/${id}`), rest.patch(`${path}/${id}`, {})];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([400, 400, 400]);
  });

  test.each(['last=x', 'last=-1', 'n=-1', 'last=999999'])('have no page ?%s', async (query) => {
    expect((await api().rest('admin').get(`${path}?${query}`)).status).toBe(400);
  });
});
