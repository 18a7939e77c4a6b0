import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDelegationWorld, type DelegationWorld, denied, succeeded } from './_world.ts';

let world: DelegationWorld;
beforeAll(async () => {
  world = await createDelegationWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const list = async (path: string, who: 'admin' | 'ann' | 'carl' = 'admin'): Promise<string[]> =>
  succeeded(await world.as[who].get(path)).delegations.map(
    ({ username, pattern }: Record<string, string>) => `${username} ${pattern}`,
  );

test('an admin grants a delegation, and sees who has which', async () => {
  const granted = succeeded(
    await world.as.admin.post('/v1/delegations', { account: 'carl', pattern: 'team-c/*' }),
    201,
  );
  expect(granted).toEqual({
    id: expect.any(String),
    account_id: world.ids['carl'],
    username: 'carl',
    pattern: 'team-c/*',
    granted_by: world.ids['admin'],
    granted_by_name: 'admin',
    granted_at: expect.any(String),
  });
  expect(await list('/v1/delegations?all=true')).toEqual(['ann team-x/**', 'bob team-y/**', 'carl team-c/*']);
  const pages = await world.as.admin.pages('/v1/delegations?all=true&n=2');
  expect(pages.map(({ delegations }) => delegations.length)).toEqual([2, 1]);
  expect(await list('/v1/delegations?account=carl')).toEqual(['carl team-c/*']);
  expect(await list('/v1/delegations', 'ann')).toEqual(['ann team-x/**']);
  expect(await list('/v1/delegations', 'carl')).toEqual(['carl team-c/*']);
  expect(denied(await world.as.ann.get('/v1/delegations?all=true'))).toBe('Requires the admin role');
  expect(denied(await world.as.ann.get('/v1/delegations?account=carl'))).toBe('Requires the admin role');
  const deleted = succeeded(await world.as.admin.delete(`/v1/delegations/${granted.id}`));
  expect(deleted).toMatchObject({ delegation: granted, rule_ids: [] });
  expect((await world.as.admin.delete(`/v1/delegations/${granted.id}`)).status).toBe(404);
  const events = await world.server.audit();
  const details = { username: 'carl', account_id: world.ids['carl'], pattern: 'team-c/*', delegation_id: granted.id };
  for (const type of ['delegation_granted', 'delegation_revoked'])
    expect(events).toContainEqual(
      expect.objectContaining({ type, actor: expect.objectContaining({ name: 'admin' }), details }),
    );
});

test.each([
  ['carl', '**', 'cannot be delegated'],
  ['carl', 'team-*/**', 'cannot be delegated'],
  ['carl', 'home/{username}', 'cannot be delegated'],
  ['carl', 'team-x/**/app', 'cannot be delegated'],
  ['nobody-of-this-name', 'team-x/**', 'there is no account'],
])('a delegation of %s for %s is invalid: %s', async (account, pattern, problem) => {
  const { status, body } = await world.as.admin.post('/v1/delegations', { account, pattern });
  expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(problem)]);
});

test('a delegate grants no delegation, and takes none', async () => {
  const { ann } = world.as;
  expect(denied(await ann.post('/v1/delegations', { account: 'ann', pattern: 'prod/**' }))).toBe(
    'Requires the admin role',
  );
  expect(denied(await ann.delete(`/v1/delegations/${world.delegations.bob}`))).toBe('Requires the admin role');
});

test('without a delegation an account reaches nothing of what is for delegates', async () => {
  const { carl } = world.as;
  for (const path of ['/v1/policy/rules', '/v1/policy/rules/1', '/v1/policy/matches?pattern=team-x/**', '/v1/audit'])
    expect(denied(await carl.get(path))).toBe('Requires the admin role');
  // The role comes before the message: what is wrong with it is not said.
  expect(denied(await carl.post('/v1/policy/rules', { odd: true }))).toBe('Requires the admin role');
});

test('what is taken away is gone with the next request, and rules that remain are named', async () => {
  const { admin, carl } = world.as;
  const carlId = world.ids['carl']!;
  const lead = {
    priority: 5,
    effect: 'allow',
    subject: 'carl',
    actions: ['registry:pull'],
    repositories: ['team-d/**'],
  };
  succeeded(await admin.post('/v1/policy/rules', lead), 201);
  const { id } = succeeded(await admin.post('/v1/delegations', { account: carlId, pattern: 'team-d/**' }), 201);
  const rule = {
    priority: 6,
    effect: 'allow',
    subject: 'x-bot',
    actions: ['registry:pull'],
    repositories: ['team-d/**'],
  };
  const created = succeeded(await carl.post('/v1/policy/rules', rule), 201);
  expect(succeeded(await admin.delete(`/v1/delegations/${id}`)).rule_ids).toEqual([created.id]);
  expect(denied(await carl.get('/v1/policy/rules'))).toBe('Requires the admin role');
  expect(denied(await carl.delete(`/v1/policy/rules/${created.id}`))).toBe('Requires the admin role');
  expect(succeeded(await admin.get(`/v1/policy/rules/${created.id}`))).toMatchObject({
    delegated: true,
    enabled: true,
  });
  succeeded(await admin.delete(`/v1/policy/rules/${created.id}`), 204);
});

test('a token for certain repositories has nothing of a delegation, one with a scope has it', async () => {
  const { ann } = world.as;
  const tokenOf = async (fields: object): Promise<string> =>
    succeeded(await ann.post('/v1/tokens', { scope: 'admin:write', ...fields }), 201).secret;
  const rulesWith = async (token: string) =>
    (await world.server.client({ token }).request('GET', '/v1/policy/rules')).status;
  expect(await rulesWith(await tokenOf({ name: 'whole' }))).toBe(200);
  expect(await rulesWith(await tokenOf({ name: 'narrow', repositories: ['team-x/**'] }))).toBe(403);
  expect(await rulesWith(await tokenOf({ name: 'pulls', actions: ['registry:pull'] }))).toBe(403);
  const reading = await tokenOf({ name: 'reading', scope: 'admin:read' });
  expect(await rulesWith(reading)).toBe(200);
  const created = await world.server
    .client({ token: reading })
    .request('POST', '/v1/policy/rules', { headers: { 'content-type': 'application/json' }, body: '{}' });
  expect([created.status, created.json().error]).toEqual([403, 'Requires a token with the scope admin:write']);
});

test('a disabled delegate reaches nothing', async () => {
  const { admin, bob } = world.as;
  succeeded(await bob.get('/v1/policy/rules'));
  succeeded(await admin.patch(`/v1/accounts/${world.ids['bob']}`, { enabled: false }));
  expect((await bob.get('/v1/policy/rules')).status).toBe(401);
  succeeded(await admin.patch(`/v1/accounts/${world.ids['bob']}`, { enabled: true }));
});
