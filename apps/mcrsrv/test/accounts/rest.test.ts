import { Code } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { tokenFor, useDoors } from '../_util/doors.ts';
import { expectRefusal } from '../_util/rpc.ts';
import { testPassword } from '../_util/server.ts';

const doors = useDoors();
const path = '/v1/accounts';

async function create(username: string, fields: object = {}): Promise<{ id: string; roles: string[] }> {
  const body = { username, password: testPassword, ...fields };
  const answer = await doors().rest('admin').post(path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

async function beTheOnlyAdmin(): Promise<void> {
  const rest = doors().rest('admin');
  const { accounts } = (await rest.get(path)).body as { accounts: { id: string; roles: string[] }[] };
  const others = accounts.filter((it) => it.roles.includes('admin') && it.id !== doors().id('admin'));
  for (const other of others) await rest.patch(`${path}/${other.id}`, { roles: [] });
}

describe('accounts', () => {
  test('are created, with which one can log in, and never show a password', async () => {
    const { server, rest } = doors();
    const created = await rest('admin').post(path, {
      username: 'ada.l',
      account_type: 'human',
      roles: ['dev'],
      password: testPassword,
    });
    expect(created).toMatchObject({ status: 201 });
    expect(created.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      username: 'ada.l',
      account_type: 'human',
      roles: ['dev'],
      enabled: true,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await tokenFor(server, 'ada.l')).toBeTruthy();
    expect((await rest('admin').post(path, { username: 'ada.l', password: testPassword })).status).toBe(409);
    expect(JSON.stringify(await server.audit('account_created'))).not.toContain(testPassword);
  });

  test('are people without roles unless told', async () => {
    expect(await create('plain')).toMatchObject({ account_type: 'human', roles: [] });
  });

  test('change in what is given, at once', async () => {
    const { server, rest } = doors();
    const { id } = await create('grace', { roles: ['dev'] });
    const grace = server.client({ token: await tokenFor(server, 'grace') });
    expect((await grace.request('GET', path)).status).toBe(403);
    const promoted = await rest('admin').patch(`${path}/${id}`, { roles: ['admin'] });
    expect(promoted).toMatchObject({ status: 200, body: { roles: ['admin'], enabled: true } });
    expect((await grace.request('GET', path)).status).toBe(200);
    expect((await rest('admin').patch(`${path}/${id}`, { enabled: false })).body).toMatchObject({
      enabled: false,
      roles: ['admin'],
    });
    expect((await grace.request('GET', path)).status).toBe(401);
    await expect(tokenFor(server, 'grace')).rejects.toThrow('401');
    const password = 'another horse, another staple';
    await rest('admin').patch(`${path}/${id}`, { enabled: true, password });
    await expect(tokenFor(server, 'grace')).rejects.toThrow('401');
    expect(await tokenFor(server, 'grace', password)).toBeTruthy();
  });

  test('are deleted with their tokens', async () => {
    const { server, rest } = doors();
    const { id } = await create('leaver');
    const leaver = server.client({ token: await tokenFor(server, 'leaver') });
    expect((await leaver.request('GET', '/v1/auth/whoami')).status).toBe(200);
    expect(await rest('admin').delete(`${path}/${id}`)).toMatchObject({ status: 204, body: undefined });
    expect((await leaver.request('GET', '/v1/auth/whoami')).status).toBe(401);
    expect((await rest('admin').delete(`${path}/${id}`)).status).toBe(404);
    expect((await rest('admin').patch(`${path}/${id}`, { enabled: true })).status).toBe(404);
    expect((await server.audit('account_deleted'))[0]).toMatchObject({ actor: { name: 'admin' } });
  });

  test.each<[string, object | undefined]>([
    ['disabled', { enabled: false }],
    ['stripped of the role', { roles: ['user'] }],
    ['deleted', undefined],
  ])('are not %s when no other enabled admin is left', async (_how, patch) => {
    const { rest, rpc, id } = doors();
    const own = `${path}/${id('admin')}`;
    await beTheOnlyAdmin();
    const spare = await create('spare', { roles: ['admin'] });
    expect((await rest('admin').patch(`${path}/${spare.id}`, { enabled: false })).status).toBe(200);
    const answer = await (patch === undefined ? rest('admin').delete(own) : rest('admin').patch(own, patch));
    const error = expect.stringContaining('admin is the last enabled account with the role admin');
    expect(answer).toMatchObject({ status: 409, body: { error } });
    const { roles, ...others } = (patch ?? {}) as { roles?: string[]; enabled?: boolean };
    const change = { id: id('admin'), ...others, ...(roles && { roles: { values: roles } }) };
    const { admin } = rpc('admin');
    const call = patch === undefined ? admin.deleteAccount({ id: id('admin') }) : admin.updateAccount(change);
    await expectRefusal(call, Code.AlreadyExists, 'CONFLICT');
    expect((await rest('admin').get('/v1/auth/whoami')).body).toMatchObject({ username: 'admin', roles: ['admin'] });
    expect((await rest('admin').patch(own, { roles: ['admin', 'user'] })).status).toBe(200);
    expect((await rest('admin').patch(own, { roles: ['admin'] })).status).toBe(200);
    expect((await rest('admin').delete(`${path}/${spare.id}`)).status).toBe(204);
  });

  test('of two admins who disable each other at the same time stay one', async () => {
    const { rest, server, id } = doors();
    await beTheOnlyAdmin();
    const rival = await create('rival', { roles: ['admin'] });
    const theirs = server.client({ token: await tokenFor(server, 'rival') });
    const [first, second] = await Promise.all([
      rest('admin').patch(`${path}/${rival.id}`, { enabled: false }),
      theirs.request('PATCH', `${path}/${id('admin')}`, {
        body: '{"enabled":false}',
        headers: { 'Content-Type': 'application/json' },
      }),
    ]);
    const { store } = server.context.services;
    const admins = (await store.accounts.list({ limit: 100 })).filter((it) => it.enabled && it.roles.includes('admin'));
    expect(admins).toHaveLength(1);
    expect([first.status, second.status].filter((status) => status === 200)).toHaveLength(1);
    for (const who of [rival.id, id('admin')]) {
      await store.accounts.update({ actor: {}, now: 1, id: who, patch: { enabled: true } });
    }
    expect((await rest('admin').delete(`${path}/${rival.id}`)).status).toBe(204);
  });

  test('are listed by name, page by page', async () => {
    const rest = doors().rest('admin');
    const whole = (await rest.get(path)).body.accounts as { username: string }[];
    const names = whole.map(({ username }) => username);
    expect(names).toEqual(names.toSorted());
    expect(names).toEqual(expect.arrayContaining(['admin', 'machine', 'person']));
    expect((await rest.pages(`${path}?n=2`)).flatMap(({ accounts }) => accounts)).toEqual(whole);
  });

  test.each<[string, object]>([
    ['no username', { password: testPassword }],
    ['no password', { username: 'nopass' }],
    ['a short password', { username: 'short', password: 'short' }],
    ['an endless password', { username: 'long', password: 'x'.repeat(1_025) }],
    ['a username with capitals', { username: 'Ada', password: testPassword }],
    ['a username with a slash', { username: 'a/b', password: testPassword }],
    ['an empty username', { username: '', password: testPassword }],
    ['a type that is none', { username: 'typed', password: testPassword, account_type: 'root' }],
    ['a role that is none', { username: 'rolled', password: testPassword, roles: ['Admin!'] }],
    ['roles as a text', { username: 'rolled', password: testPassword, roles: 'admin' }],
    ['an id of its own', { username: 'own', password: testPassword, id: 'x' }],
    ['a flag', { username: 'flagged', password: testPassword, is_admin: true }],
    ['a hash', { username: 'hashed', password: testPassword, password_hash: '$argon2id$' }],
  ])('are refused with %s', async (_name, body) => {
    const before = (await doors().rest('admin').get(path)).body;
    const { status, body: answer } = await doors().rest('admin').post(path, body);
    expect({ status, answer }).toMatchObject({ status: 400, answer: { error: expect.any(String) } });
    expect(JSON.stringify(answer)).not.toContain(testPassword);
    expect((await doors().rest('admin').get(path)).body).toEqual(before);
  });

  test.each<[string, object]>([
    ['a new name', { username: 'root' }],
    ['a new type', { account_type: 'system' }],
    ['an id', { id: 'x' }],
    ['a short password', { password: 'short' }],
    ['a flag in words', { enabled: 'yes' }],
    ['roles that are none', { roles: [''] }],
    ['a hash', { passwordHash: '$argon2id$' }],
    ['a prototype', JSON.parse('{"__proto__": {"roles": ["admin"]}}')],
  ])('are not changed by %s', async (_name, patch) => {
    const rest = doors().rest('admin');
    const before = (await rest.get(path)).body;
    expect((await rest.patch(`${path}/${doors().id('person')}`, patch)).status).toBe(400);
    expect((await rest.get(path)).body).toEqual(before);
  });
});
