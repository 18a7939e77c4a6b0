import { type Action, digestOf } from '@mcr/core';
import type { StoredAuditEvent, StoredPolicyRule } from '@mcr/db';
import { blobOf, buildImage, locationOf, type OciClient, type OciResponse, pushImage } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const blob = blobOf('policy');

/** Every kind of request on a repository, by the action that policy decides about. */
const requests: Record<string, [Action, (client: OciClient, name: string) => Promise<OciResponse>]> = {
  'GET manifest': ['registry:pull', (client, name) => client.getManifest(name, 'v1')],
  'HEAD manifest': ['registry:pull', (client, name) => client.headManifest(name, 'v1')],
  'GET blob': ['registry:pull', (client, name) => client.getBlob(name, blob.digest)],
  'HEAD blob': ['registry:pull', (client, name) => client.headBlob(name, blob.digest)],
  tags: ['registry:pull', (client, name) => client.tags(name)],
  referrers: ['registry:pull', (client, name) => client.referrers(name, blob.digest)],
  'POST upload': ['registry:push', (client, name) => client.startUpload(name)],
  'POST blob': ['registry:push', (client, name) => client.pushBlob(name, blob, 'post')],
  mount: ['registry:push', (client, name) => client.mountBlob(name, blob.digest, 'production/app')],
  'PUT manifest': [
    'registry:push',
    (client, name) => client.request('PUT', `/v2/${name}/manifests/v1`, { body: '{}' }),
  ],
  'DELETE manifest': ['registry:delete', (client, name) => client.deleteManifest(name, blob.digest)],
  'DELETE blob': ['registry:delete', (client, name) => client.deleteBlob(name, blob.digest)],
};

async function denialsOf(id: string): Promise<readonly StoredAuditEvent[]> {
  return (await server().audit('policy_deny')).filter(({ actor }) => actor.id === id);
}

async function robotNamed(name: string): Promise<{ id: string; client: OciClient }> {
  const id = await server().addAccount(name, { type: 'system' });
  return { id, client: server().client(name) };
}

beforeAll(async () => {
  const image = await buildImage({ layers: [{ size: 10 }] });
  for (const name of ['production/app', 'production/secret', 'staging/app', 'production/deep/app']) {
    await pushBlobs(server().admin, name, blob);
    expect((await pushImage(server().admin, name, 'v1', image)).status).toBe(201);
  }
});

describe('a system account without rules', () => {
  let robot: { id: string; client: OciClient };
  beforeAll(async () => {
    robot = await robotNamed('idle');
  });

  test('may check the version', async () => {
    expect((await robot.client.request('GET', '/v2/')).status).toBe(200);
    expect(await denialsOf(robot.id)).toEqual([]);
  });

  test.each(Object.entries(requests))('is denied %s, and the audit log says by what', async (_, [action, send]) => {
    const before = (await denialsOf(robot.id)).length;
    const response = await leavingNothing(server(), () => send(robot.client, 'production/app'));
    expect(response.status).toBe(403);
    const request_id = response.header('x-request-id');
    const detail = { action, repository: 'production/app', request_id };
    if (response.body.length > 0) expect(expectError(response, 403, 'DENIED').detail).toEqual(detail);
    const events = await denialsOf(robot.id);
    expect(events).toHaveLength(before + 1);
    expect(events[0]).toMatchObject({
      actor: { id: robot.id, name: 'idle', ip: '127.0.0.1' },
      repository: 'production/app',
      details: { action, rule: 'default', request_id },
    });
  });

  test('is denied the catalog', async () => {
    expect(expectError(await robot.client.catalog(), 403, 'DENIED').detail).toMatchObject({
      action: 'registry:catalog',
    });
    expect((await denialsOf(robot.id))[0]).toMatchObject({ details: { action: 'registry:catalog', rule: 'default' } });
    expect((await denialsOf(robot.id))[0]).not.toHaveProperty('repository');
  });
});

describe('a rule for production/*', () => {
  let robot: { id: string; client: OciClient };
  let allow: StoredPolicyRule;
  beforeAll(async () => {
    robot = await robotNamed('deployer');
    allow = await server().addRule({
      subject: robot.id,
      actions: ['registry:pull', 'registry:push'],
      repositories: ['production/*'],
    });
  });

  test('opens it for its actions, at once', async () => {
    for (const [name, [action, send]] of Object.entries(requests)) {
      const { status } = await send(robot.client, 'production/app');
      if (action === 'registry:delete') expect(status, name).toBe(403);
      else expect([200, 201, 202, 400], name).toContain(status);
    }
  });

  test.each([
    'staging/app',
    'production',
    'production/deep/app',
    'productions/app',
    'x/production/app',
    'production-app',
  ])('does not open %s', async (name) => {
    for (const [, send] of Object.values(requests)) expect((await send(robot.client, name)).status).toBe(403);
  });

  test('opens it for no one else', async () => {
    const { client } = await robotNamed('another');
    expectError(await client.tags('production/app'), 403, 'DENIED');
  });

  test('does not open the catalog, which is no repository’s', async () => {
    expectError(await robot.client.catalog(), 403, 'DENIED');
  });

  test('loses to a rule that denies, whatever their priorities, and the log names that one', async () => {
    for (const priority of [1, 99]) {
      const deny = await server().addRule({ effect: 'deny', priority, repositories: ['production/secret'] });
      expectError(await robot.client.tags('production/secret'), 403, 'DENIED');
      expect((await denialsOf(robot.id))[0]?.details).toMatchObject({ action: 'registry:pull', rule: String(deny.id) });
      expect((await robot.client.tags('production/app')).status).toBe(200);
      await server().context.services.store.policy.deleteRule({ id: deny.id, actor: {}, now: Date.now() });
      expect((await robot.client.tags('production/secret')).status).toBe(200);
    }
  });

  test('is without effect as soon as it is disabled, or gone', async () => {
    const { store } = server().context.services;
    await store.policy.updateRule({ id: allow.id, patch: { enabled: false }, actor: {}, now: Date.now() });
    expectError(await robot.client.tags('production/app'), 403, 'DENIED');
    await store.policy.updateRule({ id: allow.id, patch: { enabled: true }, actor: {}, now: Date.now() });
    expect((await robot.client.tags('production/app')).status).toBe(200);
    await store.policy.deleteRule({ id: allow.id, actor: {}, now: Date.now() });
    expectError(await robot.client.tags('production/app'), 403, 'DENIED');
  });
});

describe('a rule that allows push and not pull', () => {
  let robot: { id: string; client: OciClient };
  beforeAll(async () => {
    robot = await robotNamed('publisher');
    await server().addRule({ subject: robot.id, actions: ['registry:push'], repositories: ['production/*'] });
  });

  test('allows HEAD of blobs and manifests, by which clients find out what they need not push', async () => {
    expect((await robot.client.headBlob('production/app', blob.digest)).status).toBe(200);
    expect((await robot.client.headManifest('production/app', 'v1')).status).toBe(200);
    expect((await robot.client.headBlob('production/app', digestOf('unknown'))).status).toBe(404);
    expect((await robot.client.headManifest('production/app', 'unknown')).status).toBe(404);
    expect((await robot.client.headManifest('production/unknown', 'v1')).status).toBe(404);
    expect(await denialsOf(robot.id)).toEqual([]);
  });

  test.each(['GET manifest', 'GET blob', 'tags', 'referrers'])('denies %s', async (name) => {
    const [action, send] = requests[name]!;
    const response = await leavingNothing(server(), () => send(robot.client, 'production/app'));
    expect(expectError(response, 403, 'DENIED').detail).toMatchObject({ action, repository: 'production/app' });
  });

  test('mounts nothing from a repository that it may not pull from, although it may push there', async () => {
    const location = locationOf(await robot.client.mountBlob('production/new', blob.digest, 'production/app'));
    expect(location).toContain('/blobs/uploads/');
    expect((await robot.client.headBlob('production/new', blob.digest)).status).toBe(404);
  });

  test('denies HEAD elsewhere, and the audit log names the action and the rule that decided about it', async () => {
    const deny = await server().addRule({ effect: 'deny', subject: robot.id, repositories: ['staging/*'] });
    for (const [name, rule] of Object.entries({ 'staging/app': String(deny.id), 'production/deep/app': 'default' })) {
      for (const send of [requests['HEAD manifest']![1], requests['HEAD blob']![1]]) {
        expect((await send(robot.client, name)).status).toBe(403);
        const details = { action: 'registry:pull', rule };
        expect((await denialsOf(robot.id))[0]).toMatchObject({ repository: name, details });
      }
    }
  });

  test('keeps a layer that a HEAD has found from being collected before its manifest comes', async () => {
    const { store, clock } = server().context.services;
    const found = blobOf('found by HEAD');
    await pushBlobs(server().admin, 'production/app', found);
    expect((await robot.client.headBlob('production/app', found.digest)).status).toBe(200);
    await store.gc.review({ now: clock.now() + 60_000, limit: 25 });
    expect((await robot.client.headBlob('production/app', found.digest)).status).toBe(200);
  });
});

describe('rules by role and by kind of account', () => {
  test('open what they say to those who have it', async () => {
    await server().addAccount('scanner', { type: 'system', roles: ['scanner'] });
    await server().addRule({ roles: ['scanner'], actions: ['registry:pull', 'registry:catalog'] });
    const scanner = server().client('scanner');
    expect((await scanner.catalog()).json().repositories).toContain('staging/app');
    expect((await scanner.getManifest('staging/app', 'v1')).status).toBe(200);
    expectError(await scanner.startUpload('staging/app'), 403, 'DENIED');
  });

  test('deny an administrator, too, and people, whom the built-in rules allow everything else', async () => {
    await server().addAccount('person');
    const person = server().client('person');
    expect((await person.tags('staging/app')).status).toBe(200);
    const deny = await server().addRule({ effect: 'deny', accountTypes: ['human'], repositories: ['staging/*'] });
    for (const client of [person, server().admin]) {
      expectError(await client.tags('staging/app'), 403, 'DENIED');
      expect((await client.tags('production/app')).status).toBe(200);
    }
    await server().context.services.store.policy.deleteRule({ id: deny.id, actor: {}, now: Date.now() });
  });
});

describe('deleting a tag', () => {
  test('is 405 unless the operator allows it, and 403 for whom policy denies it', async () => {
    const { client } = await robotNamed('cleaner');
    expectError(await client.deleteManifest('staging/app', 'v1'), 403, 'DENIED');
    await leavingNothing(server(), async () => {
      const response = await server().admin.deleteManifest('staging/app', 'v1');
      const { detail } = expectError(response, 405, 'UNSUPPORTED');
      expect(detail).toEqual({ tag: 'v1', setting: 'storage.tag_delete' });
      expect(response.header('allow')).toBe('GET, HEAD, PUT');
    });
  });
});
