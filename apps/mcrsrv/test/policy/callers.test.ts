import { describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { families } from '../_util/transports.ts';

const api = useAdminApi();
const closed = useAdminApi({ env: { MCR_POLICY_DEFAULT: 'closed' } });
const whole = { priority: 5, effect: 'deny' };

describe.each(families)('a rule over %s', (transport) => {
  const policy = () => api().over(transport).policy;

  test('names accounts by name, and has their ids', async () => {
    const { rule } = await policy().createPolicyRule({
      ...whole,
      subject: 'person',
      exceptSubjects: ['admin', api().id('machine').toUpperCase()],
    });
    const ids = { subject: api().id('person'), exceptSubjects: [api().id('admin'), api().id('machine')] };
    expect(rule).toMatchObject(ids);
    const updated = await policy().updatePolicyRule({
      id: rule!.id,
      subject: 'machine',
      exceptSubjects: { values: ['person'] },
      exceptRoles: { values: ['ops'] },
    });
    const now = { subject: api().id('machine'), exceptSubjects: [api().id('person')], exceptRoles: ['ops'] };
    expect(updated.rule).toMatchObject(now);
    await policy().deletePolicyRule({ id: rule!.id });
  });

  test.each([
    ['an account that is not there', { exceptSubjects: ['who'] }, 'except_subjects.0: there is no account "who"'],
    [
      'every role that it is about',
      { roles: ['ci'], exceptRoles: ['ci', 'cd'] },
      'except_roles: the rule never matches',
    ],
    ['its own account', { subject: 'person', exceptSubjects: ['person'] }, 'except_subjects: the rule never matches'],
  ])('is not created so that it excepts %s', async (_name, fields, words) => {
    await expect(policy().createPolicyRule({ ...whole, ...fields })).rejects.toThrow(words);
  });

  test('is not changed so that it excepts whom it is about', async () => {
    const { rule } = await policy().createPolicyRule({ ...whole, subject: 'person' });
    const change = policy().updatePolicyRule({ id: rule!.id, exceptSubjects: { values: ['person'] } });
    await expect(change).rejects.toThrow('excepts the account that it is about');
    await policy().deletePolicyRule({ id: rule!.id });
  });
});

test('a rule that excepts a role denies callers without it, on the next request', async () => {
  const { server } = api();
  const client = (who: 'person' | 'admin') => server.client({ token: api().token(who) });
  const status = async (who: 'person' | 'admin') =>
    (await client(who).request('GET', '/v2/frozen/app/tags/list')).status;
  const { id } = await server.addRule({
    ...whole,
    effect: 'deny',
    exceptRoles: ['admin'],
    repositories: ['frozen/**'],
  });
  expect([await status('person'), await status('admin')]).toEqual([403, 404]);
  await api()
    .rpc('admin')
    .policy.deletePolicyRule({ id: BigInt(id) });
  expect(await status('person')).toBe(404);
});

describe('a closed registry', () => {
  test('gives people what rules give, which the list of rules and explain say', async () => {
    const { policy } = closed().rpc('admin');
    const { builtinRules, policyDefault } = await policy.listPolicyRules({});
    expect(policyDefault).toBe('closed');
    expect(builtinRules.map(({ id }) => id)).toEqual([-1n, -3n]);
    const pull = { action: 'registry:pull', repository: 'team/app' };
    const person = { principal: { username: 'person' } };
    expect(await policy.explainPolicy({ ...pull, ...person })).toMatchObject({
      effect: 'deny',
      policyDefault: 'closed',
    });
    expect(await policy.explainPolicy(pull)).toMatchObject({ effect: 'allow', rule: { id: -1n } });
    await closed().server.addRule({
      priority: 5,
      effect: 'allow',
      subject: closed().id('person'),
      repositories: ['team/**'],
    });
    expect(await policy.explainPolicy({ ...pull, ...person })).toMatchObject({ effect: 'allow' });
  });

  test('lets people check the version, and shows them nothing else', async () => {
    const person = closed().server.client({ token: closed().token('person') });
    expect((await person.request('GET', '/v2/')).status).toBe(200);
    expect((await person.request('GET', '/v2/_catalog')).status).toBe(403);
    expect((await person.request('GET', '/v2/other/tags/list')).status).toBe(403);
  });
});
