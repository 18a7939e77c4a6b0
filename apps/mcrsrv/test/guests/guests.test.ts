import { blobOf, buildArtifact, buildImage, type OciClient, pushImage } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AdminApi, openAdminApi } from '../_util/admin-api.ts';
import { expectError } from '../_util/errors.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const token = 'mcr-guest';
const publicRule = { accountTypes: ['anonymous'], actions: ['registry:pull'], repositories: ['public/**'] } as const;
const image = await buildImage({ layers: [{ size: 10 }] });
const signature = buildArtifact({ artifactType: 'signature', content: '{}', subject: image.manifest });

async function fill({ admin }: TestServer): Promise<void> {
  for (const name of ['public/app', 'public/team/app', 'secret/app']) await pushImage(admin, name, 'v1', image);
  await pushImage(admin, 'secret/app', signature.manifest.digest, signature);
}

describe('without a rule for guests', () => {
  const server = useServer();

  test('the token endpoint asks for credentials, and the guest token is none', async () => {
    const client = server().client({});
    expectError(await client.request('GET', '/v2/token?scope=repository:public/app:pull'), 401, 'UNAUTHORIZED');
    const response = await server().client({ token }).request('GET', '/v2/');
    expectError(response, 401, 'UNAUTHORIZED');
    expect(response.header('www-authenticate')).toContain('error="invalid_token"');
  });

  test('a rule for any account, or for all people and machines, lets no guest in', async () => {
    await server().addRule({ actions: ['registry:pull'] });
    await server().addRule({ accountTypes: ['human', 'system'], actions: ['registry:pull'] });
    expect((await server().client({}).request('GET', '/v2/token')).status).toBe(401);
    expect((await server().client({ token }).getManifest('public/app', 'v1')).status).toBe(401);
  });
});

describe('with a rule that lets guests pull public/**', () => {
  const server = useServer();
  let guest: OciClient;
  beforeAll(async () => {
    await server().addRule(publicRule);
    await server().addRule({ actions: ['registry:pull'], repositories: ['secret/**'] });
    await fill(server());
    guest = server().client({ token });
  });

  test.each(['/v2', '/v2/'])('%s challenges who sends no token', async (path) => {
    const response = await server().client({}).request('GET', path);
    expectError(response, 401, 'UNAUTHORIZED');
    expect(response.header('www-authenticate')).toMatch(/^Bearer realm=".*\/v2\/token",service="mcr"$/);
  });

  test('the token endpoint gives who sends no credentials the guest token, and who sends wrong ones none', async () => {
    const response = await server().client({}).request('GET', '/v2/token?scope=repository:public/app:pull');
    expect(response.status).toBe(200);
    expect(response.json()).toMatchObject({ token, access_token: token });
    expect(response.json().expires_in).toBeGreaterThanOrEqual(60);
    const wrong = { authorization: `Basic ${Buffer.from('admin:wrong').toString('base64')}` };
    expect((await server().client({}).request('GET', '/v2/token', { headers: wrong })).status).toBe(401);
  });

  test('guests pull what it names, at every depth, and the audit log says so', async () => {
    for (const name of ['public/app', 'public/team/app']) {
      expect((await guest.getManifest(name, 'v1')).status).toBe(200);
      expect((await guest.tags(name)).json()).toEqual({ name, tags: ['v1'] });
    }
    const [{ actor } = { actor: {} }] = await server().audit('manifest_pulled');
    expect(actor).toMatchObject({ name: 'anonymous', id: '00000000-0000-0000-0000-000000000000' });
  });

  test('guests cannot tell a repository that they may not see from one that does not exist', async () => {
    const ask = async (name: string) => {
      const response = await guest.getManifest(name, 'v1');
      expect(response.header('www-authenticate')).toContain('error="insufficient_scope"');
      const { request_id, ...rest } = expectError(response, 401, 'UNAUTHORIZED').detail as Record<string, string>;
      expect(request_id).toBe(response.header('x-request-id'));
      return rest;
    };
    const denied = { action: 'registry:pull', error: 'insufficient_scope' };
    expect(await ask('secret/app')).toEqual({ ...denied, repository: 'secret/app' });
    expect(await ask('secret/not')).toEqual({ ...denied, repository: 'secret/not' });
  });

  const { digest } = image.manifest;
  const layer = image.layers[0]!.digest;
  test.each([
    ['GET', '/v2/NAME/manifests/DIGEST'],
    ['HEAD', '/v2/NAME/manifests/v1'],
    ['GET', '/v2/NAME/referrers/DIGEST'],
    ['GET', '/v2/NAME/tags/list'],
    ['GET', '/v2/NAME/blobs/LAYER'],
    ['HEAD', '/v2/NAME/blobs/LAYER'],
    ['GET', '/v1/repositories/NAME/tags'],
    ['GET', '/v1/repositories/NAME/manifests'],
    ['GET', '/v1/search?query=NAME'],
    ['GET', '/v1/search?query=NAME:v1'],
  ])('and %s %s has one response for both', async (method, template) => {
    const ask = async (name: string) => {
      const path = template.replace('NAME', name).replace('DIGEST', digest).replace('LAYER', layer);
      const { status, headers, body } = await guest.request(method, path);
      const { 'x-request-id': id = '', date: _, ...others } = headers as Record<string, string>;
      const said = JSON.stringify([status, others, body.toString()]).replaceAll(id || '-', 'ID');
      return said.replaceAll(name, 'NAME').replaceAll(encodeURIComponent(name), 'NAME');
    };
    expect(await ask('secret/app')).toBe(await ask('secret/not'));
  });

  test('a digest that is in a repository of theirs and in another one is found in theirs alone', async () => {
    const { hits } = (await guest.request('GET', `/v1/search?query=${digest.slice('sha256:'.length, 24)}`)).json();
    expect(hits.map(({ repository }: { repository: string }) => repository)).toEqual(['public/app', 'public/team/app']);
  });

  test.each([
    ['push a blob', (client: OciClient) => client.pushBlob('public/app', blobOf('by a guest'), 'post')],
    ['mount a blob', (client: OciClient) => client.mountBlob('public/app', blobOf('x').digest, 'secret/app')],
    ['delete a manifest', (client: OciClient) => client.deleteManifest('public/app', image.manifest.digest)],
    ['list the catalog', (client: OciClient) => client.catalog()],
    ['read rules', (client: OciClient) => client.request('GET', '/v1/policy/rules')],
    ['read the audit log', (client: OciClient) => client.request('GET', '/v1/audit')],
    ['ask for an explanation', (client: OciClient) => client.request('POST', '/v1/policy/explain')],
    ['read the description of the API', (client: OciClient) => client.request('GET', '/v1/openapi.json')],
  ])('guests may not %s, and are asked to log in', async (_, send) => {
    const response = await leavingNothing(server(), () => send(guest));
    expect([response.status, response.header('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="insufficient_scope"'),
    ]);
  });

  test('lists and searches of the admin API have what guests may pull, and nothing else', async () => {
    const names = async (query: string) =>
      (await guest.request('GET', `/v1/repositories${query}`))
        .json()
        .repositories.map(({ name }: { name: string }) => name);
    expect(await names('')).toEqual(['public/app', 'public/team/app']);
    expect(await names('?q=secret')).toEqual(await names('?q=neither'));
    expect((await guest.request('GET', '/v1/repositories/secret/app/tags')).status).toBe(401);
    expect((await guest.request('GET', '/v1/repositories/public/app/tags')).status).toBe(200);
  });

  test('a deny for any account is about guests, too, and one for the catalog closes their lists', async () => {
    const deny = { effect: 'deny', accountTypes: [] } as const;
    const { id } = await server().addRule({ ...deny, actions: ['registry:pull'], repositories: ['public/team/*'] });
    expect((await guest.getManifest('public/team/app', 'v1')).status).toBe(401);
    const catalog = await server().addRule({
      effect: 'deny',
      accountTypes: ['anonymous'],
      actions: ['registry:catalog'],
    });
    expect((await guest.request('GET', '/v1/repositories')).status).toBe(401);
    for (const one of [id, catalog.id])
      expect((await server().admin.request('DELETE', `/v1/policy/rules/${one}`)).status).toBe(204);
    expect((await guest.getManifest('public/team/app', 'v1')).status).toBe(200);
  });

  test('a pattern with the name of the caller matches nothing for guests, who have none', async () => {
    await server().addRule({ ...publicRule, repositories: ['home/{username}/**'] });
    expect((await guest.getManifest('home/anonymous/app', 'v1')).status).toBe(401);
  });
});

test('with the last rule for guests, or a deny for all repositories, the guest token ends at once', async () => {
  await using server = await startTestServer();
  const rule = await server.addRule(publicRule);
  await fill(server);
  const guest = server.client({ token });
  const status = async () => (await guest.getManifest('public/app', 'v1')).status;
  expect(await status()).toBe(200);
  const deny = await server.addRule({ effect: 'deny', accountTypes: ['anonymous'] });
  expect(await status()).toBe(401);
  expect((await server.client({}).request('GET', '/v2/token')).status).toBe(401);
  await server.admin.request('DELETE', `/v1/policy/rules/${deny.id}`);
  expect(await status()).toBe(200);
  await server.admin.request('DELETE', `/v1/policy/rules/${rule.id}`);
  expect(await status()).toBe(401);
});

test('guests of one address share a limit, which concerns no account', async () => {
  const clock = new ManualClock();
  await using api = await openAdminApi({ overrides: { clock }, env: { MCR_LIMITS_GUEST_REQUESTS_PER_ADDRESS: '20' } });
  await api.server.addRule(publicRule);
  const guest = api.server.client({ token });
  for (let at = 0; at < 20; at += 1) expect((await guest.request('GET', '/v2/')).status).toBe(200);
  expect((await guest.request('GET', '/v2/')).status).toBe(429);
  expect((await guest.request('GET', '/v1/repositories')).status).toBe(429);
  expect((await api.rest('person').get('/v1/auth/whoami')).status).toBe(200);
  clock.advance(3_000);
  expect((await guest.request('GET', '/v2/')).status).toBe(200);
});

describe('a rule for guests', () => {
  let api: AdminApi;
  const cleanup = new AsyncDisposableStack();
  beforeAll(async () => {
    api = cleanup.use(await openAdminApi());
    return () => cleanup.disposeAsync();
  });
  const base = { priority: 5, effect: 'allow', account_types: ['anonymous'], actions: ['registry:pull'] };
  const create = (rule: object) =>
    api.server.admin.request('POST', '/v1/policy/rules', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...base, ...rule }),
    });

  test.each([
    [{ actions: [] }, 'actions', 'must be among registry:pull, registry:catalog, registry:version_check'],
    [{ actions: ['registry:pull', 'registry:push'] }, 'actions', 'must be among registry:pull'],
    [{ roles: ['ci'] }, 'roles', 'must be empty in a rule for guests, who have no roles'],
    [{ subject: 'person' }, 'subject', 'must be empty in a rule for guests, who have no account'],
    [{ account_types: ['human', 'anonymous'], roles: ['ci'] }, 'roles', 'who have no roles'],
  ])('is rejected with %j', async (fields, field, problem) => {
    const response = await create(fields);
    expect(response.status).toBe(400);
    expect(response.json().detail).toMatchObject([{ field, problem: expect.stringContaining(problem) }]);
  });

  test.each([[{}], [{ actions: ['registry:catalog'] }], [{ effect: 'deny', actions: [], enabled: false }]])(
    'may have %j',
    async (fields) => {
      expect((await create(fields)).status).toBe(201);
    },
  );

  test('does not become one that lets guests push by an update', async () => {
    const { id } = (await create({})).json();
    const update = (fields: object) =>
      api.server.admin.request('PATCH', `/v1/policy/rules/${id}`, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
    expect((await update({ actions: ['registry:push'] })).status).toBe(400);
    expect((await update({ effect: 'deny', actions: ['registry:push'] })).status).toBe(200);
    expect((await update({ effect: 'allow' })).status).toBe(400);
  });

  test('is explained for guests, by the type of the account', async () => {
    await create({ repositories: ['public/**'] });
    const explain = async (repository: string) => {
      const principal = { account_type: 'anonymous' };
      const body = { principal, action: 'registry:pull', repository };
      return (await api.rest('admin').post('/v1/policy/explain', body)).body;
    };
    expect(await explain('public/app')).toMatchObject({ effect: 'allow', principal: { username: 'anonymous' } });
  });
});
