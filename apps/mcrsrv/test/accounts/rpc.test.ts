import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Code } from '@connectrpc/connect';
import type { RegistryErrorCode } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { tokenFor, useDoors } from '../_util/doors.ts';
import { seedImage } from '../_util/images.ts';
import { expectRefusal, type RpcClients, rpcClients, rpcEnv } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';
import { startTestServer, testPassword } from '../_util/server.ts';

const doors = useDoors();
const admin = () => doors().rpc('admin').admin;

describe('Health', () => {
  test('says to everybody where the registry is', async () => {
    const health = await doors().rpc('nobody').admin.health({});
    expect(health).toMatchObject({ status: 'ok', version: expect.stringMatching(/\S/), port: doors().server.port });
    expect(health.publicUrl).toBeUndefined();
  });

  test('says the public URL when there is one', async () => {
    const publicUrl = 'https://registry.example.net';
    await using server = await startTestServer({ env: { ...rpcEnv, MCR_SERVER_PUBLIC_URL: publicUrl } });
    expect(await rpcClients(server).admin.health({})).toMatchObject({ publicUrl });
  });
});

describe('accounts', () => {
  test('are created, changed and deleted, at once', async () => {
    const { server } = doors();
    const { account } = await admin().createAccount({
      username: 'grace',
      accountType: 'human',
      roles: ['dev'],
      password: testPassword,
    });
    expect(account).toMatchObject({ username: 'grace', accountType: 'human', roles: ['dev'], enabled: true });
    expect(JSON.stringify(Object.keys(account!))).not.toMatch(/password|hash/i);
    const { id } = account!;
    const grace = rpcClients(server, await tokenFor(server, 'grace'));
    expect((await grace.auth.whoAmI({})).principal).toMatchObject({ id, roles: ['dev'] });

    await admin().updateAccount({ id, roles: { values: [] } });
    expect((await grace.auth.whoAmI({})).principal?.roles).toEqual([]);
    const { account: disabled } = await admin().updateAccount({ id, enabled: false });
    expect(disabled).toMatchObject({ enabled: false, roles: [] });
    await expectRefusal(grace.auth.whoAmI({}), Code.Unauthenticated, 'UNAUTHORIZED');
    await admin().updateAccount({ id, enabled: true, password: 'another long password' });
    expect(await tokenFor(server, 'grace', 'another long password')).toBeTruthy();
    await admin().deleteAccount({ id });
    await expectRefusal(grace.auth.whoAmI({}), Code.Unauthenticated, 'UNAUTHORIZED');
    const types = (await server.audit()).map(({ type }) => type).filter((type) => type.startsWith('account_'));
    expect(types.slice(0, 5)).toEqual([
      'account_deleted',
      'account_updated',
      'account_updated',
      'account_updated',
      'account_created',
    ]);
  });

  test('are listed by name, page by page', async () => {
    const { accounts } = await admin().listAccounts({});
    expect(accounts.map(({ username }) => username)).toEqual(['admin', 'machine', 'person']);
    const pages = await rpcPages((pageToken) => admin().listAccounts({ pageSize: 2, pageToken }));
    expect(pages.flatMap((page) => page.accounts)).toEqual(accounts);
  });

  const ada = { username: 'ada', accountType: 'human', password: testPassword };
  test.each<[string, (it: RpcClients['admin']) => Promise<unknown>, Code, RegistryErrorCode]>([
    ['no name', (it) => it.createAccount({ ...ada, username: '' }), Code.InvalidArgument, 'PARAMETER_INVALID'],
    ['a bad name', (it) => it.createAccount({ ...ada, username: 'Ada' }), Code.InvalidArgument, 'PARAMETER_INVALID'],
    ['a bad type', (it) => it.createAccount({ ...ada, accountType: 'x' }), Code.InvalidArgument, 'PARAMETER_INVALID'],
    ['a bad role', (it) => it.createAccount({ ...ada, roles: ['!'] }), Code.InvalidArgument, 'PARAMETER_INVALID'],
    ['no password', (it) => it.createAccount({ ...ada, password: '' }), Code.InvalidArgument, 'PARAMETER_INVALID'],
    ['a taken name', (it) => it.createAccount({ ...ada, username: 'admin' }), Code.AlreadyExists, 'CONFLICT'],
    ['no id', (it) => it.updateAccount({ id: '' }), Code.NotFound, 'NOT_FOUND'],
    ['an unknown id', (it) => it.updateAccount({ id: 'who', enabled: false }), Code.NotFound, 'NOT_FOUND'],
    ['an endless id', (it) => it.deleteAccount({ id: 'x'.repeat(100_000) }), Code.NotFound, 'NOT_FOUND'],
    ['a negative page', (it) => it.listAccounts({ pageSize: -1 }), Code.InvalidArgument, 'PARAMETER_INVALID'],
    ['a token that is none', (it) => it.listAccounts({ pageToken: '?' }), Code.InvalidArgument, 'PARAMETER_INVALID'],
  ])('are refused with %s', async (_name, call, code, own) => {
    const before = await admin().listAccounts({});
    const message = await expectRefusal(call(admin()), code, own);
    expect(message).not.toContain(testPassword);
    expect(await admin().listAccounts({})).toEqual(before);
  });

  test('are not changed by a short password', async () => {
    const call = admin().updateAccount({ id: doors().id('person'), password: 'short', enabled: false });
    await expectRefusal(call, Code.InvalidArgument, 'PARAMETER_INVALID');
    expect((await doors().rpc('person').auth.whoAmI({})).principal?.username).toBe('person');
  });
});

describe('Snapshot and ListSnapshots', () => {
  test('write copies and list them, newest first', async () => {
    const { snapshot: first } = await admin().snapshot({});
    const { snapshot: second } = await admin().snapshot({});
    const file = await stat(join(doors().server.directory, 'snapshots', first!.name));
    expect(BigInt(file.size)).toBe(first!.size);
    const { snapshots } = await admin().listSnapshots({});
    expect(snapshots.map(({ name }) => name)).toEqual([second!.name, first!.name]);
    expect(snapshots[0]?.createdAt).toBeDefined();
    const pages = await rpcPages((pageToken) => admin().listSnapshots({ pageSize: 1, pageToken }));
    expect(pages.flatMap((page) => page.snapshots)).toEqual(snapshots);
    await expectRefusal(admin().listSnapshots({ pageSize: -1 }), Code.InvalidArgument, 'PARAMETER_INVALID');
  });
});

describe('GetStatistics', () => {
  test('counts what is stored', async () => {
    expect(await admin().getStatistics({})).toMatchObject({ repositories: 0, blobs: 0, blobBytes: 0n });
    const image = await seedImage(doors().server, 'counted/app', ['v1', 'v2']);
    expect(await admin().getStatistics({})).toMatchObject({
      repositories: 1,
      manifests: 1,
      tags: 2,
      blobs: image.blobs.length,
      blobBytes: BigInt(image.blobs.reduce((sum, { size }) => sum + size, 0)),
      uploads: 0,
    });
  });
});
