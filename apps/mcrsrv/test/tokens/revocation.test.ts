import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { locationOf, startFakeMcias, tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../_util/manual-clock.ts';
import { startTestServer } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const change = () => ({ actor: {}, now: Date.now() });

describe('CVE-2026-6515, CVE-2023-5198: a token that was good is rejected', () => {
  test('on the very next request of the same connection once it is revoked', async () => {
    const client = server().client();
    const { token } = await client.token();
    expect((await client.request('GET', '/v2/')).status).toBe(200);
    const logout = await client.request('POST', '/v1/auth/logout', { authorization: `Bearer ${token}` });
    expect(logout.status).toBe(204);
    expect((await client.request('GET', '/v2/')).status).toBe(401);
  });

  test('in the middle of an upload, of which nothing can be read afterwards', async () => {
    const id = await server().addAccount('leaver');
    const client = server().client('leaver');
    const location = locationOf(await client.startUpload('app'));
    expect((await client.patchUpload(location, 'half ')).status).toBe(202);
    await server().context.services.store.accounts.update({ ...change(), id, patch: { enabled: false } });
    const digest = digestOf('half done');
    expect((await client.patchUpload(location, 'done')).status).toBe(401);
    expect((await client.finishUpload(location, digest)).status).toBe(401);
    expect((await server().admin.headBlob('app', digest)).status).toBe(404);
  });

  test('as a right that a rule took away is gone in the middle of an upload', async () => {
    const id = await server().addAccount('intern');
    const client = server().client('intern');
    const location = locationOf(await client.startUpload('app'));
    const { store } = server().context.services;
    const deny = await server().addRule({ effect: 'deny', subject: id, actions: ['registry:push'] });
    for (const ask of [
      client.request('GET', location),
      client.patchUpload(location, 'more'),
      client.finishUpload(location, digestOf('more'), 'more'),
      client.cancelUpload(location),
    ]) {
      expect((await ask).status).toBe(403);
    }
    await store.policy.deleteRule({ ...change(), id: deny.id });
    expect((await client.cancelUpload(location)).status).toBe(204);
  });
});

describe('CVE-2025-23208: roles are those of now', () => {
  test('of a local account with the next request', async () => {
    const id = await server().addAccount('promoted');
    const client = server().client('promoted');
    const roles = (list: string[]) =>
      server().context.services.store.accounts.update({ ...change(), id, patch: { roles: list } });
    expect((await client.request('GET', '/v1/statistics')).status).toBe(403);
    await roles(['admin']);
    expect((await client.request('GET', '/v1/statistics')).status).toBe(200);
    await roles([]);
    expect((await client.request('GET', '/v1/statistics')).status).toBe(403);
  });

  test('of an account of MCIAS within half a minute, since each validation replaces them', async () => {
    const clock = new ManualClock();
    await using mcias = await startFakeMcias({ now: () => clock.now() });
    await using directory = await tempDirectory();
    const ca = join(directory.path, 'mcias-ca.crt');
    await writeFile(ca, mcias.caPem);
    const env = { MCR_AUTH_PROVIDER: 'mcias', MCR_MCIAS_SERVER_URL: mcias.url, MCR_MCIAS_CA_CERT: ca };
    await using registry = await startTestServer({ env, overrides: { clock } });
    const ann = { username: 'ann', password: 'the password of ann', id: 'id-of-ann' };
    mcias.addAccount({ ...ann, roles: ['admin', 'dev'] });
    const client = registry.client(ann);
    expect((await client.request('GET', '/v1/statistics')).status).toBe(200);
    mcias.addAccount({ ...ann, roles: ['dev'] });
    clock.advance(30_001);
    expect((await client.request('GET', '/v1/statistics')).status).toBe(403);
    expect((await client.request('GET', '/v1/auth/whoami')).json().roles).toEqual(['dev']);
  });
});
