import { blobOf, buildImage, type OciClient, pushImage, startRegistry, type TestRegistry } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from '../expectations.ts';
import { sharedResources } from '../shared.ts';

const shared = sharedResources();
let registry: TestRegistry;
let admin: OciClient;

beforeAll(async () => {
  registry = shared.use(await startRegistry());
  admin = registry.client();
});

const json = { 'content-type': 'application/json' };
const blob = blobOf('policy');

/** Every kind of request on a repository, and the action that policy decides about. */
const requests = {
  'pull a manifest': {
    action: 'registry:pull',
    send: (client: OciClient, name: string) => client.getManifest(name, 'v1'),
  },
  'look at a manifest': {
    action: 'registry:pull',
    send: (client: OciClient, name: string) => client.headManifest(name, 'v1'),
  },
  'pull a blob': {
    action: 'registry:pull',
    send: (client: OciClient, name: string) => client.getBlob(name, blob.digest),
  },
  'list tags': { action: 'registry:pull', send: (client: OciClient, name: string) => client.tags(name) },
  'list referrers': {
    action: 'registry:pull',
    send: (client: OciClient, name: string) => client.referrers(name, blob.digest),
  },
  'start an upload': { action: 'registry:push', send: (client: OciClient, name: string) => client.startUpload(name) },
  'push a blob': {
    action: 'registry:push',
    send: (client: OciClient, name: string) => client.pushBlob(name, blob, 'post'),
  },
  'delete a manifest': {
    action: 'registry:delete',
    send: (client: OciClient, name: string) => client.deleteManifest(name, blob.digest),
  },
  'delete a blob': {
    action: 'registry:delete',
    send: (client: OciClient, name: string) => client.deleteBlob(name, blob.digest),
  },
} as const;

async function addRule(rule: object): Promise<{ id: number }> {
  const response = await admin.request('POST', '/v1/policy/rules', { headers: json, body: JSON.stringify(rule) });
  expect(response.status, response.text()).toBe(201);
  return response.json();
}

/** The denials that the audit log has for one account, newest first. */
async function denialsOf(id: string): Promise<readonly { repository?: string; details: Record<string, string> }[]> {
  const response = await admin.request('GET', `/v1/audit?event_type=policy_deny&actor_id=${id}&n=100`);
  expect(response.status, response.text()).toBe(200);
  return response.json();
}

describe('a system account without rules', () => {
  let client: OciClient;
  let id: string;

  beforeAll(async () => {
    await pushImage(admin, 'production/app', 'v1', await buildImage({ layers: [{ size: 10 }] }));
    const account = await registry.addAccount('idle', { type: 'system' });
    client = registry.client(account);
    id = account.id;
  });

  test('may check the version', async () => {
    expect(await client.request('GET', '/v2/')).toMatchObject({ status: 200 });
  });

  test.each(Object.entries(requests))('may not %s, of a repository that exists or not', async (_, { action, send }) => {
    for (const repository of ['production/app', 'production/missing']) {
      const response = await send(client, repository);
      expect(response.status).toBe(403);
      if (response.body.byteLength > 0) {
        expect(response.json().errors).toMatchObject([{ code: 'DENIED', detail: { action, repository } }]);
      }
    }
  });

  test('may not list the catalog', async () => {
    expect(await client.catalog()).toMatchObject({ status: 403 });
  });

  test('has each denial in the audit log, with no rule that decided', async () => {
    const before = (await denialsOf(id)).length;
    await client.getManifest('production/app', 'v1');
    const denials = await denialsOf(id);
    expect(denials).toHaveLength(before + 1);
    expect(denials[0]).toMatchObject({
      repository: 'production/app',
      details: { action: 'registry:pull', rule: 'default' },
    });
  });
});

test('a rule for production/* opens exactly that, and a deny beats it', async () => {
  const account = await registry.addAccount('deployer', { type: 'system' });
  const client = registry.client(account);
  const image = await buildImage({ layers: [{ size: 10, seed: 'deploy' }] });
  for (const name of ['production/app', 'production/secret', 'production/app/nested', 'staging/app', 'production']) {
    expect(await pushImage(admin, name, 'v1', image)).toMatchObject({ status: 201 });
  }

  await addRule({
    priority: 10,
    description: 'Deployers pull what is in production',
    effect: 'allow',
    account_types: ['system'],
    subject: account.id,
    actions: ['registry:pull'],
    repositories: ['production/*'],
    enabled: true,
  });
  await expectSame(client, 'production/app', 'v1', image);
  await expectSame(client, 'production/secret', 'v1', image);
  for (const name of ['production/app/nested', 'staging/app', 'production']) {
    expect(await client.getManifest(name, 'v1')).toMatchObject({ status: 403 });
  }
  expect(await client.startUpload('production/app')).toMatchObject({ status: 403 });
  expect(await client.deleteManifest('production/app', image.manifest.digest)).toMatchObject({ status: 403 });
  expect(await client.catalog()).toMatchObject({ status: 403 });

  const deny = await addRule({
    priority: 99,
    description: 'No pulls of secrets',
    effect: 'deny',
    actions: ['registry:pull'],
    repositories: ['production/secret'],
    enabled: true,
  });
  expect(await client.getManifest('production/secret', 'v1')).toMatchObject({ status: 403 });
  await expectSame(client, 'production/app', 'v1', image);
  // Not even an administrator.
  expect(await admin.getManifest('production/secret', 'v1')).toMatchObject({ status: 403 });

  const [denial] = await denialsOf(account.id);
  expect(denial).toMatchObject({
    repository: 'production/secret',
    details: { action: 'registry:pull', rule: String(deny.id) },
  });

  expect(await admin.request('DELETE', `/v1/policy/rules/${deny.id}`)).toMatchObject({ status: 204 });
  await expectSame(client, 'production/secret', 'v1', image);
});

test('a mount from a repository that one may not pull is an ordinary upload', async () => {
  const account = await registry.addAccount('builder', { type: 'system' });
  const client = registry.client(account);
  await addRule({
    priority: 10,
    description: 'Builders push to their own',
    effect: 'allow',
    subject: account.id,
    actions: ['registry:pull', 'registry:push'],
    repositories: ['builder/*'],
    enabled: true,
  });
  const hidden = blobOf('hidden');
  expect(await admin.pushBlob('staging/app', hidden)).toMatchObject({ status: 201 });
  expect(await client.mountBlob('builder/app', hidden.digest, 'staging/app')).toMatchObject({ status: 202 });
  expect(await client.headBlob('builder/app', hidden.digest)).toMatchObject({ status: 404 });
});

test('an account that is disabled is out at once', async () => {
  const account = await registry.addAccount('leaver');
  const client = registry.client(account);
  expect(await client.catalog()).toMatchObject({ status: 200 });
  await registry.cli(['account', 'disable', 'leaver', '--config', registry.configPath]);
  await expect.poll(async () => (await client.catalog()).status).toBe(401);
});
