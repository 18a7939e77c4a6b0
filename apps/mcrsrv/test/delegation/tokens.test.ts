import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDelegationWorld, type DelegationWorld, denied, succeeded } from './_world.ts';

let world: DelegationWorld;
beforeAll(async () => {
  world = await createDelegationWorld();
  const rule = { priority: 10, effect: 'allow', actions: ['registry:pull', 'registry:push'] };
  const add = async (who: 'admin' | 'ann' | 'bob', fields: object) =>
    succeeded(await world.as[who].post('/v1/policy/rules', { ...rule, ...fields }), 201);
  await add('ann', { subject: 'x-bot', repositories: ['team-x/**'] });
  await add('bob', { subject: 'y-bot', repositories: ['team-y/**'] });
  await add('admin', { subject: 'cluster', repositories: [] });
  await add('ann', { subject: 'cluster', repositories: ['team-x/**'] });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const limits = { actions: ['registry:pull'], repositories: ['team-x/**'] };
let made = 0;
const create = (fields: object = {}, who: 'admin' | 'ann' | 'bob' = 'ann') =>
  world.as[who].post('/v1/tokens', { name: `t${(made += 1)}`, account: 'x-bot', ...limits, ...fields });
const pull = async (account: string, secret: string, repository: string): Promise<number> => {
  const client = world.server.client({ username: account, password: secret });
  const { status } = await client.getManifest(repository, 'v1').catch(() => ({ status: 401 }));
  return status;
};

test('a delegate creates, lists, rotates and revokes tokens of a robot within the scope', async () => {
  const { token, secret } = succeeded(await create({ name: 'deploy' }), 201);
  expect(token).toMatchObject({ username: 'x-bot', ...limits, scope: 'none', created_by_name: 'ann' });
  expect(await pull('x-bot', secret, 'team-x/app')).toBe(200);
  expect(await pull('x-bot', secret, 'team-y/app')).toBe(403);
  // Those that are for more are not theirs to see.
  for (const fields of [
    { repositories: [] },
    { actions: [] },
    { repositories: ['team-x/**', 'prod/**'] },
    { scope: 'admin:read' },
  ])
    succeeded(await create(fields, 'admin'), 201);
  const listed = await world.as.ann.pages('/v1/tokens?account=x-bot&n=1');
  expect(listed.flatMap(({ tokens }) => tokens.map(({ name }: { name: string }) => name))).toEqual(['deploy']);
  const rotated = succeeded(await world.as.ann.post(`/v1/tokens/${token.id}:rotate`, { overlap_seconds: 0 }));
  expect(await pull('x-bot', secret, 'team-x/app')).toBe(401);
  expect(await pull('x-bot', rotated.secret, 'team-x/app')).toBe(200);
  succeeded(await world.as.ann.delete(`/v1/tokens/${token.id}`), 204);
  expect(await pull('x-bot', rotated.secret, 'team-x/app')).toBe(401);
});

test.each<readonly [string, object, string]>([
  ['without repositories', { repositories: [] }, 'names actions and repositories'],
  ['without actions', { actions: [] }, 'names actions and repositories'],
  ['beyond the scope', { repositories: ['team-x/**', 'team-y/**'] }, '"team-y/**" is beyond team-x/**'],
  ['with a star inside', { repositories: ['team-x/*/app'] }, 'cannot be delegated'],
  ['with the name of the owner', { repositories: ['team-x/{username}'] }, 'cannot be delegated'],
  ['for what they may not do', { actions: ['registry:delete'] }, 'may not do registry:delete'],
  ['for the catalog', { actions: ['registry:pull', 'registry:catalog'] }, 'registry:catalog cannot be delegated'],
  ['for the admin API', { scope: 'admin:write' }, 'has no scope of the admin API'],
])('a delegate creates no token %s', async (_, fields, problem) => {
  const message = denied(await create(fields));
  expect(message).toMatch(/^Your delegation is for team-x\/\*\*: /);
  expect(message).toContain(problem);
});

test.each(['y-bot', 'cluster', 'carl', 'bob', 'admin', 'no-such-account', '11111111-1111-4111-8111-111111111111'])(
  'a delegate manages no tokens of %s, and does not learn whether there is such an account',
  async (account) => {
    const message = `Your delegation is for team-x/**: ${JSON.stringify(account)} is no system account that a rule within it, and none of an admin beyond it, lets do something`;
    expect(denied(await create({ account }))).toBe(message);
    expect(denied(await world.as.ann.get(`/v1/tokens?account=${account}`))).toBe(message);
  },
);

test('a delegate gets at no token of a robot of others, of a person, or that is for more', async () => {
  const foreign: string[] = ['00000000-0000-4000-8000-000000000000'];
  for (const fields of [
    { account: 'y-bot', repositories: ['team-y/**'] },
    { account: 'carl' },
    { repositories: [] },
    { actions: [] },
    { scope: 'admin:read' },
    { repositories: ['team-x/*/app'] },
  ])
    foreign.push(succeeded(await create(fields, 'admin'), 201).token.id);
  for (const id of foreign) {
    const message = 'Your delegation is for team-x/**: it does not cover this token';
    const responses = [
      await world.as.ann.delete(`/v1/tokens/${id}`),
      await world.as.ann.post(`/v1/tokens/${id}:rotate`),
    ];
    for (const response of responses) expect(denied(response)).toMatch(/^Your delegation is for team-x/);
    if (id === foreign[0]) for (const response of responses) expect(denied(response)).toBe(message);
  }
  expect(denied(await world.as.ann.get('/v1/tokens?all=true'))).toBe('Requires the admin role');
});

test('a delegate gets no secret of a token that is for what they may not do themselves', async () => {
  const { token } = succeeded(await create({ actions: ['registry:pull', 'registry:delete'] }, 'admin'), 201);
  expect(denied(await world.as.ann.post(`/v1/tokens/${token.id}:rotate`))).toContain('may not do registry:delete');
  // Taking it away gives nothing.
  succeeded(await world.as.ann.delete(`/v1/tokens/${token.id}`), 204);
});

test('tokens of a delegate whose delegation was taken away stay, and are the admin’s to revoke', async () => {
  const { token, secret } = succeeded(await create({}, 'ann'), 201);
  succeeded(await world.as.admin.delete(`/v1/delegations/${world.delegations.ann}`));
  expect(denied(await world.as.ann.delete(`/v1/tokens/${token.id}`))).toBe('Requires the admin role');
  expect(await pull('x-bot', secret, 'team-x/app')).toBe(200);
  succeeded(await world.as.admin.delete(`/v1/tokens/${token.id}`), 204);
  expect(await pull('x-bot', secret, 'team-x/app')).toBe(401);
});
