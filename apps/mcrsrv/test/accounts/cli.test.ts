import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOciClient, type OciClient, type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { rpcEnv, rpcUrl } from '../_util/rpc.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}\n$/;
const configOf = ({ directory }: TestServer) => ['--config', join(directory, 'mcr.toml')];

describe('mcrsrv account', () => {
  let directory: TempDirectory;
  let server: TestServer;
  let config: string[];

  beforeAll(async () => {
    directory = await tempDirectory();
    server = await startTestServer({ directory: directory.path });
    config = configOf(server);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  const account = (argv: string[], stdin?: string) => mcrsrv(['account', ...argv, ...config], stdin);
  const login = (username: string, password: string) =>
    server.admin.request('GET', '/v2/token', {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
    });

  test('create makes an account that can log in at the running registry at once, and prints its UUID alone', async () => {
    const { code, stdout, stderr } = await account(['create', 'alice', '--password-stdin'], 'first password\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(uuid);
    expect((await login('alice', 'first password')).status).toBe(200);
    expect((await server.audit('account_created'))[0]).toMatchObject({ actor: { name: 'mcrsrv' } });
  });

  test('create takes type and roles', async () => {
    const argv = ['create', 'ci', '--type', 'system', '--role', 'deploy', '--role', 'scan', '--password-stdin'];
    expect((await account(argv, 'a machine’s')).code).toBe(0);
    expect(await server.context.services.store.accounts.findByName('ci')).toMatchObject({
      type: 'system',
      roles: ['deploy', 'scan'],
      enabled: true,
    });
  });

  test.each([
    ['a name that is none', ['create', 'No Name', '--password-stdin'], 'long enough', /must be of a-z/],
    ['the name of guests', ['create', 'anonymous', '--password-stdin'], 'long enough', /reserved for guests/],
    ['a name that is taken', ['create', 'admin', '--password-stdin'], 'long enough', /admin|taken|exists/],
    ['a password that is too short', ['create', 'bob', '--password-stdin'], 'short', /8 to 256/],
    ['a role that is none, before it asks for a password', ['create', 'bob', '--role', 'Admin'], '', /--role "Admin"/],
    ['no terminal to ask for a password', ['create', 'bob'], '', /--password-stdin/],
    ['an account that is not there', ['disable', 'anonymous'], '', /no account anonymous/],
    [
      'an account that is not there',
      ['passwd', 'anonymous', '--password-stdin'],
      'long enough',
      /no account anonymous/,
    ],
    ['no terminal to confirm at', ['delete', 'admin'], '', /--yes/],
    ['the last admin and no terminal to confirm at', ['disable', 'admin'], '', /without an enabled admin.*--yes/],
    ['the last admin', ['update', 'admin', '--no-roles'], '', /without an enabled admin.*--yes/],
    [
      'an account that is not there',
      ['update', 'anonymous', '--no-roles'],
      '',
      /no account anonymous; see mcrsrv account list/,
    ],
    [
      'a role that is none',
      ['create', 'bob', '--role', 'Admin', '--password-stdin'],
      'long enough',
      /--role "Admin": a role is of a-z/,
    ],
  ])('fails with exit code 1 for %s: %j', async (_, argv, stdin, message) => {
    const before = await server.context.services.store.accounts.list({ limit: 100 });
    const { code, stdout, stderr } = await account(argv, stdin);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcrsrv: /);
    expect(stderr).toMatch(message);
    expect(await server.context.services.store.accounts.list({ limit: 100 })).toEqual(before);
  });

  test('update changes the roles of an account that is logged in, and audits it', async () => {
    const { token } = (await login('ci', 'a machine’s')).json();
    const roles = async () => {
      const { body } = await server.admin.request('GET', '/v1/auth/whoami', { authorization: `Bearer ${token}` });
      return (JSON.parse(body.toString()) as { roles: unknown }).roles;
    };
    const update = async (...argv: string[]) => {
      const { code, stderr } = await account(['update', 'ci', ...argv]);
      return { code, stderr, roles: await roles() };
    };
    expect(await update('--add-role', 'sign', '--remove-role', 'scan')).toEqual({
      code: 0,
      stderr: 'ci has the roles deploy, sign\n',
      roles: ['deploy', 'sign'],
    });
    expect(await update('--no-roles')).toEqual({ code: 0, stderr: 'ci has no roles\n', roles: [] });
    expect((await update('--role', 'deploy', '--role', 'scan')).roles).toEqual(['deploy', 'scan']);
    expect((await server.audit('account_updated'))[0]).toMatchObject({ actor: { name: 'mcrsrv' } });
  });

  test('create, list and update print JSON of one form', async () => {
    const created = await account(['create', 'json', '--role', 'a', '--json', '--password-stdin'], 'long enough');
    const fields = { username: 'json', type: 'human', roles: ['a'], enabled: true };
    const shown = JSON.parse(created.stdout) as Record<string, unknown>;
    expect(shown).toEqual({ id: expect.any(String), ...fields, createdAt: expect.stringMatching(/\.\d{3}Z$/) });
    expect(Object.keys(shown)).toEqual(['id', 'username', 'type', 'roles', 'enabled', 'createdAt']);
    expect((await account(['list', '--json'])).stdout).toContain(created.stdout);
    const updated = await account(['update', 'json', '--role', 'b', '--json']);
    expect(JSON.parse(updated.stdout)).toEqual({ ...shown, roles: ['b'] });
    expect(await account(['delete', 'json', '--yes'])).toEqual({ code: 0, stdout: '', stderr: 'json is deleted\n' });
  });

  test('list prints a line of fields for each, or JSON, and never a hash', async () => {
    const { code, stdout } = await account(['list']);
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t').slice(0, 4)),
    ).toEqual([
      ['admin', 'human', 'admin', 'yes'],
      ['alice', 'human', '-', 'yes'],
      ['ci', 'system', 'deploy,scan', 'yes'],
    ]);
    const json = (await account(['list', '--json'])).stdout;
    expect(
      json
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).username),
    ).toEqual(['admin', 'alice', 'ci']);
    expect(stdout + json).not.toContain('argon2');
  });

  test('passwd changes the password at once', async () => {
    expect((await account(['passwd', 'alice', '--password-stdin'], 'second password')).code).toBe(0);
    expect((await login('alice', 'second password')).status).toBe(200);
    expect((await login('alice', 'first password')).status).toBe(401);
  });

  test('disable locks out the account with its tokens at once, and enable lets it in again', async () => {
    const { token } = (await login('alice', 'second password')).json();
    const show = () => server.admin.request('GET', '/v2/', { authorization: `Bearer ${token}` });
    expect((await show()).status).toBe(200);
    expect(await account(['disable', 'alice'])).toMatchObject({ code: 0, stdout: '', stderr: 'alice is disabled\n' });
    expect((await show()).status).toBe(401);
    expect((await login('alice', 'second password')).status).toBe(401);
    expect((await account(['enable', 'alice'])).code).toBe(0);
    expect((await login('alice', 'second password')).status).toBe(200);
  });

  test('delete deletes it with its tokens', async () => {
    const { token } = (await login('alice', 'second password')).json();
    expect((await account(['delete', 'alice', '--yes'])).code).toBe(0);
    expect((await server.admin.request('GET', '/v2/', { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await login('alice', 'second password')).status).toBe(401);
  });

  test('disable, update and delete take the last admin when they are told to, and enable is the way back', async () => {
    const disabled = await account(['disable', 'admin', '--yes']);
    expect(disabled).toMatchObject({ code: 0, stderr: expect.stringMatching(/last enabled admin.*account create/) });
    expect((await account(['enable', 'admin'])).stderr).toBe('admin is enabled\n');
    const { store } = server.context.services;
    const without = await account(['update', 'admin', '--remove-role', 'admin', '--yes']);
    expect(without.stderr).toMatch(/last enabled admin.*account create.*\nadmin has no roles\n$/s);
    expect((await account(['update', 'admin', '--add-role', 'admin'])).code).toBe(0);
    expect(await store.accounts.findByName('admin')).toMatchObject({ enabled: true, roles: ['admin'] });
    expect((await account(['delete', 'admin', '--yes'])).code).toBe(0);
    expect(await store.accounts.findByName('admin')).toBeUndefined();
    const again = ['create', 'admin', '--role', 'admin', '--password-stdin'];
    expect((await account(again, 'yet another password')).code).toBe(0);
    expect((await login('admin', 'yet another password')).status).toBe(200);
  });

  test('add and remove, the old names of create and delete, still work, and help does not show them', async () => {
    const { code, stdout } = await account(['add', 'old', '--role', 'deploy', '--password-stdin'], 'long enough');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(uuid) });
    expect(await account(['remove', 'old', '--yes'])).toEqual({ code: 0, stdout: '', stderr: 'old is deleted\n' });
    const { stdout: shown } = await account(['--help']);
    expect(shown).toMatch(/create <name>.*list.*update <name>/s);
    expect(shown).not.toMatch(/\badd\b|\bremove\b/);
  });

  test('is not for registries whose accounts are elsewhere', async () => {
    await using other = await tempDirectory();
    const toml = await readFile(join(directory.path, 'mcr.toml'), 'utf8');
    const mcias = toml.replace(
      'provider = "local"',
      'provider = "mcias"\n[mcias]\nserver_url = "https://mcias.example"',
    );
    await writeFile(join(other.path, 'mcr.toml'), mcias.replaceAll('"tls/', `"${directory.path}/tls/`));
    const { code, stderr } = await mcrsrv(['account', 'list', '--config', join(other.path, 'mcr.toml')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/MCIAS/);
  });
});

describe('mcrsrv account and the API', () => {
  const server = useServer();
  const manyRoles = Array.from({ length: 51 }, (_, at) => `role-${at}`);
  const flags = (roles: readonly string[]) => roles.flatMap((role) => ['--role', role]);
  const rejected: [why: string, fields: { username?: string; roles?: string[]; password?: string }, words: string][] = [
    ['a name in upper case', { username: 'Bob' }, 'must be of a-z 0-9 . _ - and begin with a letter or digit'],
    ['a name that is too long', { username: 'b'.repeat(65) }, 'must be of a-z 0-9 . _ - and begin with a letter'],
    ['a role with a space and a comma', { roles: ['deploy', 'Bad Role, x'] }, 'a role is of a-z 0-9 . _ -'],
    ['an empty role', { roles: [''] }, 'a role is of a-z 0-9 . _ -'],
    ['too many roles', { roles: manyRoles }, 'must have at most 50 items'],
    ['a short password', { password: 'short' }, 'The password must have 8 to 256 characters'],
    ['an endless password', { password: 'p'.repeat(1_025) }, 'must have at most 1024 characters'],
    ['no password', { password: '' }, 'The password must have 8 to 256 characters'],
    ['a name that is taken', { username: 'admin' }, 'An account of this name exists already'],
  ];

  test.each(rejected)('create rejects %s in the same words', async (_, fields, words) => {
    const account = { username: 'bob', roles: [] as string[], password: 'long enough', ...fields };
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(account);
    const api = await server().admin.request('POST', '/v1/accounts', { headers, body });
    expect(api.status).toBeGreaterThanOrEqual(400);
    expect(api.json().error).toContain(words);
    const argv = ['account', 'create', account.username, ...flags(account.roles), '--password-stdin'];
    const { code, stdout, stderr } = await mcrsrv([...argv, ...configOf(server())], account.password);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(words) });
    if (account.password.length > 4) expect(stderr).not.toContain(account.password);
    expect(await server().context.services.store.accounts.list({ limit: 9 })).toHaveLength(1);
  });

  test.each(rejected.filter(([, { password }]) => password !== undefined))(
    'passwd rejects %s in the same words',
    async (_, { password = '' }, words) => {
      const { store } = server().context.services;
      const before = (await store.accounts.findByName('admin'))!;
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ password });
      const api = await server().admin.request('PATCH', `/v1/accounts/${before.id}`, { headers, body });
      expect(api.json().error).toContain(words);
      const argv = ['account', 'passwd', 'admin', '--password-stdin', ...configOf(server())];
      expect(await mcrsrv(argv, password)).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(words) });
      expect(await store.accounts.findByName('admin')).toEqual(before);
    },
  );

  test.each(rejected.filter(([, { roles }]) => roles !== undefined))(
    'update rejects %s in the same words',
    async (_, { roles = [] }, words) => {
      const { store } = server().context.services;
      const { id } = (await store.accounts.findByName('admin'))!;
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ roles });
      const api = await server().admin.request('PATCH', `/v1/accounts/${id}`, { headers, body });
      expect({ status: api.status, error: api.json().error }).toEqual({
        status: 400,
        error: expect.stringContaining(words),
      });
      const { code, stderr } = await mcrsrv(['account', 'update', 'admin', ...flags(roles), ...configOf(server())]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(words) });
      expect((await store.accounts.findByName('admin'))?.roles).toEqual(['admin']);
    },
  );
});

describe('the last enabled admin', () => {
  const server = useServer({ env: rpcEnv });
  const names = ['even_last_admin', 'evenLastAdmin'];

  test.each(names)(
    'stays whatever a request says of %s: only the command line of the host may ask for it',
    async (name) => {
      const { store } = server().context.services;
      const before = await store.accounts.findByName('admin');
      const { token } = await server().admin.token();
      await using rpc = createOciClient({ baseUrl: rpcUrl(server()), ca: server().ca, token });
      const path = `/v1/accounts/${before!.id}`;
      const json = { 'content-type': 'application/json', [name]: 'true', [`x-${name}`]: 'true' };
      const asked: [client: OciClient, method: string, path: string, fields: object | undefined][] = [
        [server().admin, 'DELETE', `${path}?${name}=true`, undefined],
        [server().admin, 'DELETE', path, { [name]: true }],
        [server().admin, 'PATCH', `${path}?${name}=true`, { enabled: false }],
        [server().admin, 'PATCH', path, { roles: [], [name]: true }],
        [rpc, 'POST', '/mcr.v1.AdminService/DeleteAccount', { id: before!.id }],
        [rpc, 'POST', '/mcr.v1.AdminService/DeleteAccount', { id: before!.id, [name]: true }],
        [rpc, 'POST', '/mcr.v1.AdminService/UpdateAccount', { id: before!.id, enabled: false, [name]: true }],
        [rpc, 'POST', '/mcr.v1.AdminService/UpdateAccount', { id: before!.id, roles: {} }],
      ];
      for (const [client, method, target, fields] of asked) {
        const body = fields && JSON.stringify(fields);
        const { status } = await client.request(method, target, { headers: json, ...(body !== undefined && { body }) });
        expect(status, `${method} ${target} ${body}`).toBeGreaterThanOrEqual(400);
        expect(await store.accounts.findByName('admin'), `${method} ${target} ${body}`).toEqual(before);
      }
    },
  );
});
