import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDelegationWorld, type DelegationWorld, denied, succeeded } from './_world.ts';

let world: DelegationWorld;
beforeAll(async () => {
  world = await createDelegationWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const rules = '/v1/policy/rules';
const allow = {
  priority: 10,
  effect: 'allow',
  subject: 'x-bot',
  actions: ['registry:pull'],
  repositories: ['team-x/**'],
};
type Who = 'admin' | 'ann' | 'bob';
const create = async (fields: object = {}, who: Who = 'ann') =>
  succeeded(await world.as[who].post(rules, { ...allow, ...fields }), 201);
const messageOf = async (fields: object, who: Who = 'ann') =>
  denied(await world.as[who].post(rules, { ...allow, ...fields }));
const idsFor = async (who: Who): Promise<number[]> =>
  succeeded(await world.as[who].get(rules)).rules.map(({ id }: { id: number }) => id);

describe('a delegate creates rules', () => {
  test('within the scope, for what they may do; the rule is never about themselves', async () => {
    const rule = await create();
    expect(rule).toMatchObject({ delegated: true, created_by: world.ids['ann'], except_subjects: [world.ids['ann']] });
    expect((await world.client('x-bot').getManifest('team-x/base/app', 'v1')).status).toBe(200);
    expect((await world.client('x-bot').getManifest('team-y/app', 'v1')).status).toBe(403);
    succeeded(await world.as.ann.delete(`${rules}/${rule.id}`), 204);
    expect((await world.client('x-bot').getManifest('team-x/base/app', 'v1')).status).toBe(403);
  });

  test.each<readonly [string, object, string]>([
    ['beyond it', { repositories: ['team-y/**'] }, 'the pattern "team-y/**" is beyond team-x/**'],
    ['beyond it in part', { repositories: ['team-x/a', 'prod/app'] }, 'the pattern "prod/app" is beyond team-x/**'],
    ['for a twin of the name', { repositories: ['team-x2/**'] }, 'is beyond team-x/**'],
    ['for everything', { repositories: ['**'] }, 'cannot be delegated'],
    ['without repositories', { repositories: [] }, 'a rule of a delegate names repositories'],
    ['with a star inside', { repositories: ['team-x/*/app'] }, 'cannot be delegated'],
    ['with the name of the caller', { repositories: ['team-x/{username}'] }, 'cannot be delegated'],
    ['for what they may not do', { actions: ['registry:delete'] }, 'your account itself may not do registry:delete'],
    ['for every action', { actions: [] }, 'your account itself may not do registry:delete'],
    ['that manage policy', { actions: ['policy:manage'] }, 'policy:manage cannot be delegated'],
    ['for guests', { subject: '', account_types: ['anonymous'] }, 'only admins open repositories to guests'],
    ['that deny elsewhere', { effect: 'deny', repositories: ['prod/**'] }, 'is beyond team-x/**'],
    ['that deny everywhere', { effect: 'deny', repositories: [] }, 'names repositories'],
    ['off and beyond it', { enabled: false, repositories: ['prod/**'] }, 'is beyond team-x/**'],
    ['for accounts that may not exist, beyond it', { subject: 'who', repositories: ['prod/**'] }, 'is beyond'],
  ])('but none %s', async (_, fields, problem) => {
    const before = await idsFor('admin');
    const message = await messageOf(fields);
    expect(message).toMatch(/^Your delegation is for team-x\/\*\*: /);
    expect(message).toContain(problem);
    expect(await idsFor('admin')).toEqual(before);
    const [event] = await world.server.audit('policy_deny');
    expect(event).toMatchObject({
      actor: { name: 'ann' },
      details: { action: 'create policy rule', rule: 'delegation', request_id: expect.any(String) },
    });
  });

  test('but none about themselves, by name', async () => {
    const { status, body } = await world.as.ann.post(rules, { ...allow, subject: 'ann' });
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('excepts the account')]);
  });

  test('that deny, though never admins, and not whatever the priority', async () => {
    const rule = await create({ effect: 'deny', priority: 1, subject: '', actions: [] });
    expect(rule).toMatchObject({ except_roles: ['admin'], except_subjects: [world.ids['ann']] });
    expect((await world.server.admin.getManifest('team-x/app', 'v1')).status).toBe(200);
    expect((await world.client('ann').getManifest('team-x/app', 'v1')).status).toBe(200);
    const updated = succeeded(
      await world.as.ann.patch(`${rules}/${rule.id}`, { except_roles: [], except_subjects: [] }),
    );
    expect(updated).toMatchObject({ except_roles: ['admin'], except_subjects: [world.ids['ann']] });
    succeeded(await world.as.ann.delete(`${rules}/${rule.id}`), 204);
  });
});

describe('a delegate changes rules', () => {
  test('of delegates within the scope, and moves none out of it', async () => {
    const rule = await create();
    const path = `${rules}/${rule.id}`;
    expect(succeeded(await world.as.ann.patch(path, { repositories: ['team-x/a/*'] }))).toMatchObject({
      delegated: true,
    });
    for (const change of [
      { repositories: ['team-x/a', 'prod/**'] },
      { repositories: [] },
      { actions: [] },
      { actions: ['registry:delete'] },
      { account_types: ['anonymous'], subject: '' },
    ])
      expect(denied(await world.as.ann.patch(path, change))).toMatch(/^Your delegation is for/);
    succeeded(await world.as.ann.patch(path, { enabled: false }));
    succeeded(await world.as.ann.patch(path, { enabled: true, description: 'mine', subject: null, roles: ['dev'] }));
    const stored = succeeded(await world.as.ann.get(path));
    expect(stored).toMatchObject({ repositories: ['team-x/a/*'], description: 'mine', roles: ['dev'] });
    expect(stored).not.toHaveProperty('subject');
    succeeded(await world.as.ann.delete(path), 204);
  });

  test('but not those of admins, which they see where they lie within', async () => {
    const inside = await create(
      { effect: 'deny', subject: '', roles: ['lead-x'], repositories: ['team-x/frozen/**'] },
      'admin',
    );
    const across = await create({ repositories: ['team-x/**', 'prod/**'] }, 'admin');
    const everywhere = await create({ effect: 'deny', subject: 'cluster', repositories: [] }, 'admin');
    const seen = await idsFor('ann');
    expect(seen).toContain(inside.id);
    expect(seen).not.toContain(across.id);
    expect(seen).not.toContain(everywhere.id);
    for (const change of [{ enabled: false }, { roles: ['nobody'] }, { description: 'x' }])
      expect(denied(await world.as.ann.patch(`${rules}/${inside.id}`, change))).toContain(
        'an admin has written this rule',
      );
    expect(denied(await world.as.ann.delete(`${rules}/${inside.id}`))).toContain('an admin has written this rule');
    // One beyond the scope and one that does not exist are the same to them.
    for (const id of [across.id, everywhere.id, 987_654]) {
      const message = `Your delegation is for team-x/**: it does not cover policy rule ${id}`;
      expect(denied(await world.as.ann.get(`${rules}/${id}`))).toBe(message);
      expect(denied(await world.as.ann.patch(`${rules}/${id}`, { enabled: false }))).toBe(message);
      expect(denied(await world.as.ann.delete(`${rules}/${id}`))).toBe(message);
    }
    for (const { id } of [inside, across, everywhere]) succeeded(await world.as.admin.delete(`${rules}/${id}`), 204);
  });

  test('until an admin changes one, whose it is from then on', async () => {
    const rule = await create();
    const path = `${rules}/${rule.id}`;
    expect(succeeded(await world.as.admin.patch(path, { enabled: false }))).toMatchObject({ delegated: false });
    expect(denied(await world.as.ann.patch(path, { enabled: true }))).toContain('an admin has written this rule');
    succeeded(await world.as.admin.delete(path), 204);
  });

  test('but no deny of another delegate that is about them', async () => {
    const also = succeeded(await world.as.admin.post('/v1/delegations', { account: 'bob', pattern: 'team-x/**' }), 201);
    const deny = await create(
      { effect: 'deny', subject: 'ann', actions: ['registry:push'], repositories: ['team-x/a'] },
      'bob',
    );
    expect(denied(await world.as.ann.delete(`${rules}/${deny.id}`))).toContain('the rule denies something to you');
    expect(denied(await world.as.ann.patch(`${rules}/${deny.id}`, { subject: 'carl' }))).toContain('denies something');
    // And what it denies, the delegate does not hold and so does not give.
    expect(await messageOf({ actions: ['registry:push'] })).toContain('may not do registry:push in all of team-x/**');
    succeeded(await world.as.bob.delete(`${rules}/${deny.id}`), 204);
    succeeded(await world.as.admin.delete(`/v1/delegations/${also.id}`));
  });

  test('and of changes at once, each of which is permitted by itself, what is permitted comes out', async () => {
    const where = { actions: ['registry:delete'], subject: '', roles: ['lead-x'], repositories: ['team-x/own'] };
    const lead = await create(where, 'admin');
    for (let round = 0; round < 5; round += 1) {
      const rule = await create({ repositories: ['team-x/own'] });
      const path = `${rules}/${rule.id}`;
      const both = await Promise.all([
        world.as.ann.patch(path, { repositories: ['team-x/**'] }),
        world.as.ann.patch(path, { actions: ['registry:delete'] }),
      ]);
      for (const { status } of both) expect([200, 403, 409]).toContain(status);
      const { actions, repositories } = succeeded(await world.as.admin.get(path));
      expect([actions, repositories]).not.toEqual([['registry:delete'], ['team-x/**']]);
      succeeded(await world.as.ann.delete(path), 204);
    }
    succeeded(await world.as.admin.delete(`${rules}/${lead.id}`), 204);
  });

  test('and what an admin takes from them later, no rule of their own gives back', async () => {
    const lead = await create({ actions: ['registry:delete'], subject: '', roles: ['lead-x'] }, 'admin');
    const own = await create({ actions: ['registry:delete'], subject: '', roles: ['lead-x', 'dev'] });
    const allowed = async () =>
      succeeded(await world.as.ann.get('/v1/auth/permissions?repository=team-x/app')).permissions.find(
        ({ action }: { action: string }) => action === 'registry:delete',
      ).allowed;
    expect(await allowed()).toBe(true);
    succeeded(await world.as.admin.delete(`${rules}/${lead.id}`), 204);
    expect(await allowed()).toBe(false);
    succeeded(await world.as.ann.delete(`${rules}/${own.id}`), 204);
  });
});

test('a delegate lists page by page, across rules of others', async () => {
  const made: number[] = [];
  for (const [who, repositories] of [
    ['ann', ['team-x/1']],
    ['bob', ['team-y/1']],
    ['admin', ['prod/1']],
    ['ann', ['team-x/2']],
    ['admin', ['team-x/3', 'team-y/3']],
    ['ann', ['team-x/4']],
  ] as const)
    made.push((await create({ repositories, priority: 20 }, who)).id);
  const pages = await world.as.ann.pages(`${rules}?n=1`);
  const seen = pages.flatMap((page) => page.rules.map(({ id }: { id: number }) => id));
  expect(pages.every((page) => page.rules.length === 1)).toBe(true);
  expect(seen.filter((id) => made.includes(id))).toEqual([made[0], made[3], made[5]]);
  expect(pages[0].builtin_rules.length).toBeGreaterThan(0);
  for (const id of made) succeeded(await world.as.admin.delete(`${rules}/${id}`), 204);
});

test('a delegate matches patterns within the scope only', async () => {
  const matches = (pattern: string) => world.as.ann.get(`/v1/policy/matches?pattern=${encodeURIComponent(pattern)}`);
  expect(succeeded(await matches('team-x/**')).repositories).toEqual(['team-x/app', 'team-x/base/app']);
  for (const pattern of ['**', 'team-y/**', 'team-?/**', 'prod/app', '{username}/**', 'team-x/**/app'])
    expect(denied(await matches(pattern))).toMatch(/^Your delegation is for team-x\/\*\*: /);
});

describe('a delegate asks for explanations', () => {
  const explain = (body: object) => world.as.ann.post('/v1/policy/explain', { action: 'registry:push', ...body });

  test('about others within the scope, and learns the rules within', async () => {
    const mine = await create();
    const near = succeeded(await explain({ repository: 'team-x/app', principal: { username: 'x-bot' } }));
    expect(near).toMatchObject({ effect: 'deny', matches: [], principal: { username: 'x-bot', roles: [] } });
    const misses = near.near_misses.map(({ rule, failed }: { rule: { id: number }; failed: string[] }) => [
      rule.id,
      failed,
    ]);
    expect(misses).toContainEqual([mine.id, ['actions']]);
    const across = await create(
      { repositories: ['team-x/**', 'prod/**'], subject: 'cluster', description: 'secret' },
      'admin',
    );
    const hidden = succeeded(
      await explain({ action: 'registry:pull', repository: 'team-x/app', principal: { username: 'cluster' } }),
    );
    expect(hidden).toMatchObject({ effect: 'allow', rule_id: across.id, matches: [] });
    expect(JSON.stringify(hidden)).not.toMatch(/secret|prod/);
    for (const { id } of [mine, across]) succeeded(await world.as.admin.delete(`${rules}/${id}`), 204);
  });

  test('but not about others beyond it, nor without a repository', async () => {
    for (const body of [{ repository: 'prod/app' }, { repository: 'team-x' }, { action: 'registry:catalog' }])
      expect(denied(await explain({ ...body, principal: { username: 'x-bot' } }))).toBe('Requires the admin role');
    const own = succeeded(await explain({ repository: 'prod/app' }));
    expect(own).toMatchObject({ effect: 'deny', matches: [], near_misses: [] });
  });
});
