import { testPassword } from '../_util/server.ts';
import { delegated, ownPassword, ownTokens, pullSomething } from './_callers.ts';
import { plannedTag } from './_planned-tag.ts';
import { type HttpRequest, httpRow, type Row } from './_rows.ts';

function json(path: string, body: object): Omit<HttpRequest, 'method'> {
  return { path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A rule that is switched off, so that it moves no other cell. */
const idleRule = { priority: 9, effect: 'allow', enabled: false };
const rules = '/v1/policy/rules';
const accounts = '/v1/accounts';
const tokens = '/v1/tokens';
const identities = '/v1/identities';
const delegations = '/v1/delegations';
/** What a delegate of own/** may write, and has written. */
const ownPulls = { actions: ['registry:pull'], repositories: ['own/app'] };
const ownRule = { repositories: ['own/app'], delegated: true };
const written = 'of a delegate';

/** The admin API below `/v1`. */
export const restRows: readonly Row[] = [
  httpRow('GET /v1/health', 'public', () => ({ path: '/v1/health' })),
  httpRow('GET /v1/ready', 'public', () => ({ path: '/v1/ready' })),
  httpRow(
    'POST /v1/auth/login',
    'public',
    () => json('/v1/auth/login', { username: 'person', password: testPassword }),
    'with a password',
  ),
  httpRow('POST /v1/auth/sign-in', 'public', () => json('/v1/auth/sign-in', { provider: 'corp' })),
  httpRow('POST /v1/auth/logout', 'account', () => ({ path: '/v1/auth/logout' })),
  httpRow('POST /v1/auth/password', ownPassword, () =>
    json('/v1/auth/password', { current_password: testPassword, new_password: testPassword }),
  ),
  httpRow('GET /v1/auth/whoami', 'guest', () => ({ path: '/v1/auth/whoami' })),
  httpRow('GET /v1/auth/permissions', 'guest', () => ({ path: '/v1/auth/permissions' })),
  httpRow('GET /v1/tokens', 'account', () => ({ path: tokens })),
  httpRow('POST /v1/tokens', ownTokens, (world) => json(tokens, { name: world.word() })),
  httpRow('POST /v1/tokens/:id:rotate', 'admin', async (world) => ({
    path: `${tokens}/${await world.token()}:rotate`,
  })),
  httpRow('DELETE /v1/tokens/:id', 'admin', async (world) => ({ path: `${tokens}/${await world.token()}` })),
  httpRow('GET /v1/openapi.json', 'account', () => ({ path: '/v1/openapi.json' })),
  httpRow('GET /v1/search', pullSomething, () => ({ path: '/v1/search?query=app' })),
  httpRow('GET /v1/repositories', pullSomething, () => ({ path: '/v1/repositories' })),
  httpRow('GET /v1/repositories/:name', 'registry:pull', (_, name) => ({ path: `/v1/repositories/${name}` })),
  httpRow('GET /v1/repositories/:name/tags', 'registry:pull', (_, name) => ({ path: `/v1/repositories/${name}/tags` })),
  httpRow('GET /v1/repositories/:name/manifests', 'registry:pull', (_, name) => ({
    path: `/v1/repositories/${name}/manifests`,
  })),
  httpRow('DELETE /v1/repositories/:name/tags/:tag', 'admin', async (world, name) => ({
    path: `/v1/repositories/${name}/tags/${(await world.manifest(name)).tag}`,
  })),
  httpRow('DELETE /v1/repositories/:name/manifests/:digest', 'admin', async (world, name) => ({
    path: `/v1/repositories/${name}/manifests/${(await world.manifest(name)).digest}`,
  })),
  httpRow('DELETE /v1/repositories/:name', 'admin', async (world, name) => {
    const doomed = name.replace('app', world.word());
    await world.manifest(doomed);
    return { path: `/v1/repositories/${doomed}` };
  }),
  httpRow('PATCH /v1/repositories/:name', 'admin', async (world, name) => {
    await world.manifest(name);
    return json(`/v1/repositories/${name}`, { description: 'The shop' });
  }),
  httpRow('GET /v1/repositories/:name:usage', 'registry:pull', (_, name) => ({
    path: `/v1/repositories/${name}:usage`,
  })),
  httpRow('GET /v1/repositories/:name:layers', 'registry:pull', (_, name) => ({
    path: `/v1/repositories/${name}:layers`,
  })),
  httpRow('POST /v1/repositories/:name/tags:planDeletion', 'admin', async (world, name) =>
    json(`/v1/repositories/${name}/tags:planDeletion`, { tags: [(await world.manifest(name)).tag] }),
  ),
  httpRow('POST /v1/repositories/:name/tags:delete', 'admin', async (world, name) => {
    const { tags, planId } = await plannedTag(world, name);
    return json(`/v1/repositories/${name}/tags:delete`, { tags, plan_id: planId });
  }),
  httpRow('GET /v1/repositories/:name/manifests/:reference:content', 'registry:pull', async (world, name) => ({
    path: `/v1/repositories/${name}/manifests/${(await world.manifest(name)).digest}:content`,
  })),
  httpRow('GET /v1/repositories/:name/manifests/:reference:inspect', 'registry:pull', async (world, name) => ({
    path: `/v1/repositories/${name}/manifests/${(await world.manifest(name)).tag}:inspect`,
  })),
  httpRow('GET /v1/repositories/:name/blobs/:digest:content', 'registry:pull', async (world, name) => ({
    path: `/v1/repositories/${name}/blobs/${await world.blob(name)}:content`,
  })),
  httpRow(`GET ${rules}`, delegated, () => ({ path: rules })),
  httpRow(`POST ${rules}`, 'admin', () => json(rules, idleRule)),
  httpRow(`POST ${rules}`, delegated, () => json(rules, { ...idleRule, ...ownPulls }), 'for pulls from own/app'),
  httpRow(`GET ${rules}/:id`, 'admin', async (world) => ({ path: `${rules}/${await world.rule()}` })),
  httpRow(`GET ${rules}/:id`, delegated, async (world) => ({ path: `${rules}/${await world.rule(ownRule)}` }), written),
  httpRow(`PATCH ${rules}/:id`, 'admin', async (world) => json(`${rules}/${await world.rule()}`, { priority: 8 })),
  httpRow(
    `PATCH ${rules}/:id`,
    delegated,
    async (world) => json(`${rules}/${await world.rule(ownRule)}`, { priority: 8 }),
    written,
  ),
  httpRow(`DELETE ${rules}/:id`, 'admin', async (world) => ({ path: `${rules}/${await world.rule()}` })),
  httpRow(
    `DELETE ${rules}/:id`,
    delegated,
    async (world) => ({ path: `${rules}/${await world.rule(ownRule)}` }),
    written,
  ),
  httpRow('GET /v1/policy/matches', 'admin', () => ({ path: '/v1/policy/matches?pattern=**' })),
  httpRow('GET /v1/policy/matches', delegated, () => ({ path: '/v1/policy/matches?pattern=own/**' }), 'of own/**'),
  httpRow('GET /v1/delegations', 'account', () => ({ path: delegations })),
  httpRow('POST /v1/delegations', 'admin', (world) =>
    json(delegations, { account: 'operator', pattern: `${world.word()}/**` }),
  ),
  httpRow('DELETE /v1/delegations/:id', 'admin', async (world) => ({
    path: `${delegations}/${await world.delegation()}`,
  })),
  httpRow(
    'POST /v1/policy/explain',
    'account',
    () => json('/v1/policy/explain', { action: 'registry:catalog' }),
    'about oneself',
  ),
  httpRow(
    'POST /v1/policy/explain',
    'admin',
    () => json('/v1/policy/explain', { action: 'registry:catalog', principal: { username: 'admin' } }),
    'about another',
  ),
  httpRow(
    'POST /v1/policy/explain',
    delegated,
    () =>
      json('/v1/policy/explain', {
        action: 'registry:pull',
        repository: 'own/app',
        principal: { username: 'admin' },
      }),
    'about another in own/app',
  ),
  httpRow('GET /v1/audit', delegated, () => ({ path: '/v1/audit' })),
  httpRow('GET /v1/audit', 'admin', () => ({ path: '/v1/audit?repository=other/app' }), 'of other/app'),
  httpRow('GET /v1/audit/activity', 'admin', () => ({ path: '/v1/audit/activity?days=7' })),
  httpRow('POST /v1/gc', 'admin', () => ({ path: '/v1/gc' })),
  httpRow('GET /v1/gc/status', 'admin', () => ({ path: '/v1/gc/status' })),
  httpRow('GET /v1/gc/runs', 'admin', () => ({ path: '/v1/gc/runs' })),
  httpRow('POST /v1/snapshots', 'admin', () => ({ path: '/v1/snapshots' })),
  httpRow('GET /v1/snapshots', 'admin', () => ({ path: '/v1/snapshots' })),
  httpRow(`GET ${identities}`, 'admin', () => ({ path: identities })),
  httpRow(`PATCH ${identities}/:id`, 'admin', async (world) =>
    json(`${identities}/${await world.identity()}`, { blocked: true }),
  ),
  httpRow(`DELETE ${identities}/:id`, 'admin', async (world) => ({ path: `${identities}/${await world.identity()}` })),
  httpRow(`GET ${accounts}`, 'admin', () => ({ path: accounts })),
  httpRow(`POST ${accounts}`, 'admin', (world) => json(accounts, { username: world.word(), password: testPassword })),
  httpRow(`PATCH ${accounts}/:id`, 'admin', async (world) =>
    json(`${accounts}/${await world.account()}`, { roles: ['admin'] }),
  ),
  httpRow(`DELETE ${accounts}/:id`, 'admin', async (world) => ({ path: `${accounts}/${await world.account()}` })),
  httpRow('GET /v1/statistics', 'admin', () => ({ path: '/v1/statistics' })),
  httpRow('GET /v1/statistics/storage', 'admin', () => ({ path: '/v1/statistics/storage' })),
  httpRow('GET /v1/storage', 'admin', () => ({ path: '/v1/storage' })),
];
