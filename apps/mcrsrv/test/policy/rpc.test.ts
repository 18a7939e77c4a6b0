import { Code } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { useDoors } from '../_util/doors.ts';
import { expectRefusal } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';

const doors = useDoors();
const policy = () => doors().rpc('admin').policy;
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

async function create(fields: object = rule): Promise<bigint> {
  const created = await policy().createPolicyRule({ ...fields });
  return created.rule!.id;
}

describe('policy rules', () => {
  test('are created, read, changed and deleted', async () => {
    const { rule: created } = await policy().createPolicyRule(rule);
    expect(created).toMatchObject({ ...rule, enabled: true, createdBy: doors().id('admin') });
    expect(created?.createdAt).toBeDefined();
    const { id } = created!;
    expect((await policy().getPolicyRule({ id })).rule).toEqual(created);
    const { rule: changed } = await policy().updatePolicyRule({
      id,
      priority: 6,
      enabled: false,
      roles: { values: [] },
    });
    expect(changed).toMatchObject({ ...rule, priority: 6, enabled: false, roles: [] });
    expect((await policy().updatePolicyRule({ id })).rule).toMatchObject({ priority: 6, enabled: false, roles: [] });
    await policy().deletePolicyRule({ id });
    for (const call of [
      policy().getPolicyRule({ id }),
      policy().updatePolicyRule({ id }),
      policy().deletePolicyRule({ id }),
    ]) {
      await expectRefusal(call, Code.NotFound, 'NOT_FOUND');
    }
  });

  test('lose their subject by an empty text, and keep it when nothing is said', async () => {
    const id = await create();
    expect((await policy().updatePolicyRule({ id, description: '' })).rule).toMatchObject({ subject, description: '' });
    expect((await policy().updatePolicyRule({ id, subject: '' })).rule?.subject).toBeUndefined();
    expect((await policy().getPolicyRule({ id })).rule?.subject).toBeUndefined();
    expect((await policy().createPolicyRule({ ...rule, subject: '' })).rule?.subject).toBeUndefined();
  });

  test('are enabled unless told', async () => {
    const disabled = await policy().createPolicyRule({ ...rule, enabled: false });
    expect(disabled.rule?.enabled).toBe(false);
  });

  test('are in force before the call returns', async () => {
    const machine = doors().rpc('machine').registry;
    await expectRefusal(machine.listRepositories({}), Code.PermissionDenied, 'DENIED');
    const id = await create({ priority: 1, effect: 'allow', subject: doors().id('machine') });
    expect((await machine.listRepositories({})).repositories).toEqual([]);
    await policy().updatePolicyRule({ id, enabled: false });
    await expectRefusal(machine.listRepositories({}), Code.PermissionDenied, 'DENIED');
    await policy().deletePolicyRule({ id });
  });

  test('are listed by priority, with the built-in ones on the first page only', async () => {
    for (const priority of [300, 100, 200]) await create({ priority, effect: 'allow', enabled: false });
    const { rules, builtinRules } = await policy().listPolicyRules({});
    expect(builtinRules.map(({ id }) => id)).toEqual([-1n, -2n, -3n]);
    for (const it of builtinRules) expect(it).toMatchObject({ priority: 0, effect: 'allow', enabled: true });
    expect(builtinRules[0]?.createdAt).toBeUndefined();
    const priorities = rules.map(({ priority }) => priority);
    expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
    const pages = await rpcPages((pageToken) => policy().listPolicyRules({ pageSize: 2, pageToken }));
    expect(pages.flatMap((page) => page.rules)).toEqual(rules);
    expect(pages.map((page) => page.builtinRules.length)).toEqual([3, ...pages.slice(1).map(() => 0)]);
  });
});

describe('what is no rule is refused', () => {
  test.each<[string, object, string]>([
    ['nothing', {}, 'priority'],
    ['priority 0', { priority: 0 }, 'priority'],
    ['a negative priority', { priority: -1 }, 'priority'],
    ['no effect', { effect: '' }, 'effect'],
    ['another effect', { effect: 'maybe' }, 'effect'],
    ['an unknown action', { actions: ['registry:burn'] }, 'actions'],
    ['an unknown type of account', { accountTypes: ['robot'] }, 'account_types'],
    ['a subject that is no UUID', { subject: 'admin' }, 'subject'],
    ['a broken glob', { repositories: ['team/['] }, 'repositories'],
    ['an empty glob', { repositories: [''] }, 'repositories'],
    ['a long description', { description: 'x'.repeat(1_001) }, 'description'],
  ])('with %s', async (name, fields, field) => {
    const message = policy().createPolicyRule(name === 'nothing' ? {} : { ...rule, ...fields });
    expect(await expectRefusal(message, Code.InvalidArgument, 'PARAMETER_INVALID')).toContain(field);
  });

  test.each<[string, object, string]>([
    ['priority 0', { priority: 0 }, 'priority'],
    ['an empty effect', { effect: '' }, 'effect'],
    ['an empty role', { roles: { values: [''] } }, 'roles'],
    ['an unknown action', { actions: { values: ['x'] } }, 'actions'],
    ['a subject that is no UUID', { subject: 'x' }, 'subject'],
  ])('as a change to %s', async (_name, fields, field) => {
    const id = await create();
    const before = await policy().getPolicyRule({ id });
    const call = policy().updatePolicyRule({ id, ...fields });
    expect(await expectRefusal(call, Code.InvalidArgument, 'PARAMETER_INVALID')).toContain(field);
    expect(await policy().getPolicyRule({ id })).toEqual(before);
  });

  test.each([0n, -1n, 2n ** 53n, 2n ** 63n - 1n])('with the id %s', async (id) => {
    await expectRefusal(policy().getPolicyRule({ id }), Code.InvalidArgument, 'PARAMETER_INVALID');
    await expectRefusal(policy().updatePolicyRule({ id }), Code.InvalidArgument, 'PARAMETER_INVALID');
    await expectRefusal(policy().deletePolicyRule({ id }), Code.InvalidArgument, 'PARAMETER_INVALID');
  });

  test.each(['!', 'bmFtZQ', 'OTk5OTk'])('with the page token %s', async (pageToken) => {
    await expectRefusal(policy().listPolicyRules({ pageToken }), Code.InvalidArgument, 'PARAMETER_INVALID');
  });
});

describe('ExplainPolicy', () => {
  test('names the rule that decides, and all that match', async () => {
    const deny = await create({ priority: 3, effect: 'deny', repositories: ['frozen/*'], actions: ['registry:push'] });
    const answer = await policy().explainPolicy({
      principal: { username: 'person' },
      action: 'registry:push',
      repository: 'frozen/app',
    });
    expect(answer).toMatchObject({
      effect: 'deny',
      rule: { id: deny },
      principal: { id: doors().id('person'), username: 'person', accountType: 'human' },
    });
    expect(answer.matches.map(({ id }) => id)).toEqual([-2n, deny]);
  });

  test('judges a described account by what is said of it alone', async () => {
    const principal = { id: subject, accountType: 'system', username: 'somebody', roles: [] };
    const none = await policy().explainPolicy({ principal, action: 'policy:manage' });
    expect(none).toMatchObject({ effect: 'deny', matches: [], principal });
    expect(none.rule).toBeUndefined();
    const promoted = { ...principal, roles: ['admin'] };
    expect(await policy().explainPolicy({ principal: promoted, action: 'policy:manage' })).toMatchObject({
      effect: 'allow',
      rule: { id: -1n },
    });
    const stripped = { username: 'admin', accountType: 'system' };
    const answer = await policy().explainPolicy({ principal: stripped, action: 'policy:manage' });
    expect(answer).toMatchObject({ effect: 'deny', principal: { username: 'admin', roles: [] } });
  });

  test.each([
    ['no action', { action: '' }, 'action'],
    ['an unknown action', { action: 'registry:burn' }, 'action'],
    ['a type that is none', { action: 'registry:pull', principal: { accountType: 'robot' } }, 'account_type'],
  ])('refuses %s', async (_name, question, field) => {
    const message = await expectRefusal(policy().explainPolicy(question), Code.InvalidArgument, 'PARAMETER_INVALID');
    expect(message).toContain(field);
  });

  test('refuses a repository that is none and an account that is not there', async () => {
    const bad = policy().explainPolicy({ action: 'registry:pull', repository: 'Team' });
    await expectRefusal(bad, Code.InvalidArgument, 'NAME_INVALID');
    const unknown = policy().explainPolicy({ action: 'registry:pull', principal: { username: 'who' } });
    await expectRefusal(unknown, Code.NotFound, 'NOT_FOUND');
  });
});
