import { Code } from '@connectrpc/connect';
import type { RegistryErrorCode } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { tokenFor, useAdminApi } from '../_util/admin-api.ts';
import { clientsOver, expectRejection, type RpcClients } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';
import { testPassword } from '../_util/server.ts';
import { families, openTransport, type TransportName } from '../_util/transports.ts';

type Admin = RpcClients['admin'];

const api = useAdminApi();
let names = 0;
/** A name that no account has had. */
const unusedName = (): string => `account-${(names += 1)}`;

describe.each(families)('accounts over %s', (transport) => {
  const admin = (): Admin => api().over(transport).admin;
  const create = async (fields: Parameters<Admin['createAccount']>[0]) =>
    (await admin().createAccount({ password: testPassword, ...fields })).account!;
  const all = async () => (await admin().listAccounts({ pageSize: 1_000 })).accounts;

  test('are created, with which one can log in, and never show a password', async () => {
    const { server } = api();
    const username = unusedName();
    const { $typeName: _, ...account } = await create({ username, accountType: 'human', roles: ['dev'] });
    expect(account).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      username,
      accountType: 'human',
      roles: ['dev'],
      enabled: true,
      createdAt: expect.objectContaining({ seconds: expect.any(BigInt) }),
      updatedAt: expect.objectContaining({ seconds: expect.any(BigInt) }),
    });
    const own = await clientsWith(transport, username);
    expect((await own.auth.whoAmI({})).principal).toMatchObject({ id: account.id, roles: ['dev'] });
    const again = admin().createAccount({ username, password: testPassword });
    await expectRejection(again, Code.AlreadyExists, 'CONFLICT');
    expect(JSON.stringify(await server.audit('account_created'))).not.toContain(testPassword);
  });

  test('are people without roles by default', async () => {
    expect(await create({ username: unusedName() })).toMatchObject({ accountType: 'human', roles: [] });
  });

  test('change in what is given, at once, and are deleted with their tokens', async () => {
    const { server } = api();
    const username = unusedName();
    const { id } = await create({ username, roles: ['dev'] });
    const own = await clientsWith(transport, username);
    await expectRejection(own.admin.listAccounts({}), Code.PermissionDenied, 'DENIED');
    const { account: promoted } = await admin().updateAccount({ id, roles: { values: ['admin'] } });
    expect(promoted).toMatchObject({ roles: ['admin'], enabled: true });
    expect((await own.admin.listAccounts({})).accounts.length).toBeGreaterThan(1);
    await admin().updateAccount({ id, roles: { values: [] } });
    expect((await own.auth.whoAmI({})).principal?.roles).toEqual([]);
    await admin().updateAccount({ id, roles: { values: ['dev'] } });
    const { account: disabled } = await admin().updateAccount({ id, enabled: false });
    expect(disabled).toMatchObject({ enabled: false, roles: ['dev'] });
    await expectRejection(own.auth.whoAmI({}), Code.Unauthenticated, 'UNAUTHORIZED');
    await expect(tokenFor(server, username)).rejects.toThrow('401');
    const password = 'another horse, another staple';
    await admin().updateAccount({ id, enabled: true, password });
    await expect(tokenFor(server, username)).rejects.toThrow('401');
    const changed = await clientsWith(transport, username, password);
    expect((await changed.auth.whoAmI({})).principal).toMatchObject({ id });
    await admin().deleteAccount({ id });
    await expectRejection(changed.auth.whoAmI({}), Code.Unauthenticated, 'UNAUTHORIZED');
    await expectRejection(admin().deleteAccount({ id }), Code.NotFound, 'NOT_FOUND');
    await expectRejection(admin().updateAccount({ id, enabled: true }), Code.NotFound, 'NOT_FOUND');
    const events = (await server.audit()).filter(({ type }) => type.startsWith('account_'));
    const kinds = ['deleted', 'updated', 'updated', 'updated', 'updated', 'updated', 'created'];
    expect(events.slice(0, 7).map(({ type }) => type)).toEqual(kinds.map((kind) => `account_${kind}`));
    expect(events[0]).toMatchObject({ actor: { name: 'admin' } });
  });

  test.each<[string, { enabled?: boolean; roles?: { values: string[] } } | undefined]>([
    ['disabled', { enabled: false }],
    ['stripped of the role', { roles: { values: ['user'] } }],
    ['deleted', undefined],
  ])('are not %s when no other enabled admin is left', async (_how, patch) => {
    const id = api().id('admin');
    await beTheOnlyAdmin();
    const spare = await create({ username: unusedName(), roles: ['admin'] });
    expect((await admin().updateAccount({ id: spare.id, enabled: false })).account?.enabled).toBe(false);
    const call = patch === undefined ? admin().deleteAccount({ id }) : admin().updateAccount({ id, ...patch });
    const message = await expectRejection(call, Code.AlreadyExists, 'CONFLICT');
    expect(message).toContain('admin is the last enabled account with the role admin');
    const me = await api().over(transport).auth.whoAmI({});
    expect(me.principal).toMatchObject({ username: 'admin', roles: ['admin'] });
    await admin().updateAccount({ id, roles: { values: ['admin', 'user'] } });
    await admin().updateAccount({ id, roles: { values: ['admin'] } });
    await admin().deleteAccount({ id: spare.id });
  });

  test('of two admins who disable each other at the same time stay one', async () => {
    const { server, id } = api();
    await beTheOnlyAdmin();
    const username = unusedName();
    const rival = await create({ username, roles: ['admin'] });
    const theirs = (await clientsWith(transport, username)).admin;
    const attempts = await Promise.allSettled([
      admin().updateAccount({ id: rival.id, enabled: false }),
      theirs.updateAccount({ id: id('admin'), enabled: false }),
    ]);
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { store } = server.context.services;
    const accounts = await store.accounts.list({ limit: 100 });
    expect(accounts.filter((it) => it.enabled && it.roles.includes('admin'))).toHaveLength(1);
    for (const who of [rival.id, id('admin')]) {
      await store.accounts.update({ actor: {}, now: 1, id: who, patch: { enabled: true } });
    }
    await admin().deleteAccount({ id: rival.id });
  });

  test('are listed by name, page by page', async () => {
    const whole = await all();
    const usernames = whole.map(({ username }) => username);
    expect(usernames).toEqual(usernames.toSorted());
    expect(usernames).toEqual(expect.arrayContaining(['admin', 'machine', 'person']));
    const pages = await rpcPages((pageToken) => admin().listAccounts({ pageSize: 2, pageToken }));
    expect(pages.flatMap(({ accounts }) => accounts)).toEqual(whole);
  });

  const ada = { username: 'ada', accountType: 'human', password: testPassword };
  test.each<[string, (it: Admin) => Promise<unknown>, Code?, RegistryErrorCode?]>([
    ['no username', (it) => it.createAccount({ password: testPassword })],
    ['an empty username', (it) => it.createAccount({ ...ada, username: '' })],
    ['a username with capitals', (it) => it.createAccount({ ...ada, username: 'Ada' })],
    ['the name of guests', (it) => it.createAccount({ ...ada, username: 'anonymous' })],
    ['a username with a slash', (it) => it.createAccount({ ...ada, username: 'a/b' })],
    ['a type that is none', (it) => it.createAccount({ ...ada, accountType: 'root' })],
    ['a role that is none', (it) => it.createAccount({ ...ada, roles: ['Admin!'] })],
    ['no password', (it) => it.createAccount({ username: 'nopass' })],
    ['an empty password', (it) => it.createAccount({ ...ada, password: '' })],
    ['a short password', (it) => it.createAccount({ ...ada, password: 'short' })],
    ['an endless password', (it) => it.createAccount({ ...ada, password: 'x'.repeat(1_025) })],
    ['a taken name', (it) => it.createAccount({ ...ada, username: 'admin' }), Code.AlreadyExists, 'CONFLICT'],
    ['an unknown id', (it) => it.updateAccount({ id: 'who', enabled: false }), Code.NotFound, 'NOT_FOUND'],
    ['a long id', (it) => it.deleteAccount({ id: 'x'.repeat(4_000) }), Code.NotFound, 'NOT_FOUND'],
    ['a change to a short password', (it) => it.updateAccount({ ...person(), password: 'short', enabled: false })],
    ['a change to roles that are none', (it) => it.updateAccount({ ...person(), roles: { values: [''] } })],
    ['a negative page', (it) => it.listAccounts({ pageSize: -1 })],
  ])('reject %s, and stay as they are', async (_name, call, code = Code.InvalidArgument, own = 'PARAMETER_INVALID') => {
    const before = await all();
    expect(await expectRejection(call(admin()), code, own)).not.toContain(testPassword);
    expect(await all()).toEqual(before);
    expect((await api().over(transport, 'person').auth.whoAmI({})).principal?.username).toBe('person');
  });
});

describe('accounts over gRPC alone', () => {
  test.each<[string, (it: Admin) => Promise<unknown>, Code, RegistryErrorCode]>([
    ['no id', (it) => it.updateAccount({ id: '' }), Code.NotFound, 'NOT_FOUND'],
    ['an endless id', (it) => it.deleteAccount({ id: 'x'.repeat(100_000) }), Code.NotFound, 'NOT_FOUND'],
    ['a token that is none', (it) => it.listAccounts({ pageToken: '?' }), Code.InvalidArgument, 'PARAMETER_INVALID'],
  ])('reject %s, which REST cannot send', async (_name, call, code, own) => {
    const { admin } = api().rpc('admin');
    const before = await admin.listAccounts({});
    await expectRejection(call(admin), code, own);
    expect(await admin.listAccounts({})).toEqual(before);
  });
});

describe('accounts over REST alone', () => {
  const path = '/v1/accounts';
  const accounts = async () => (await api().rest('admin').get(`${path}?n=1000`)).body;

  test.each<[string, object]>([
    ['roles as a text', { roles: 'admin' }],
    ['an id of its own', { id: 'x' }],
    ['a flag', { is_admin: true }],
    ['a hash', { password_hash: '$argon2id$' }],
  ])('are not created with %s', async (_name, fields) => {
    const before = await accounts();
    const body = { username: 'made', password: testPassword, ...fields };
    const created = await api().rest('admin').post(path, body);
    expect(created).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    expect(JSON.stringify(created.body)).not.toContain(testPassword);
    expect(await accounts()).toEqual(before);
  });

  test.each<[string, object]>([
    ['a new name', { username: 'root' }],
    ['a new type', { account_type: 'system' }],
    ['an id', { id: 'x' }],
    ['a flag in words', { enabled: 'yes' }],
    ['a hash', { passwordHash: '$argon2id$' }],
    ['a prototype', JSON.parse('{"__proto__": {"roles": ["admin"]}}')],
  ])('are not changed by %s', async (_name, patch) => {
    const before = await accounts();
    expect(
      (
        await api()
          .rest('admin')
          .patch(`${path}/${api().id('person')}`, patch)
      ).status,
    ).toBe(400);
    expect(await accounts()).toEqual(before);
  });
});

const person = () => ({ id: api().id('person') });

async function clientsWith(transport: TransportName, username: string, password = testPassword): Promise<RpcClients> {
  const { server } = api();
  return clientsOver(openTransport(transport, server, `Bearer ${await tokenFor(server, username, password)}`));
}

async function beTheOnlyAdmin(): Promise<void> {
  const { admin } = api().rpc('admin');
  const { accounts } = await admin.listAccounts({ pageSize: 1_000 });
  const others = accounts.filter((it) => it.roles.includes('admin') && it.id !== api().id('admin'));
  for (const { id } of others) await admin.updateAccount({ id, roles: { values: [] } });
}
