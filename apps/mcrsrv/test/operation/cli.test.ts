import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from '@mcr/core';
import { type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}\n$/;

describe('mcrsrv', () => {
  test('--version prints the version alone', async () => {
    expect(await mcrsrv(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each([['--help'], ['account', '--help'], ['account', 'add', '--help'], ['init', '-h']])(
    '%s %s explains itself',
    async (...argv) => {
      const { code, stdout, stderr } = await mcrsrv(argv);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^mcrsrv/);
    },
  );

  test.each([
    [[], /server, init, snapshot/],
    [['nonsense'], /nonsense/],
    [['server', '--nonsense'], /nonsense/],
    [['snapshot', 'extra'], /extra/],
    [['account'], /add, list, passwd/],
    [['account', 'nonsense'], /nonsense/],
    [['account', 'add'], /positional|argument/i],
    [['account', 'add', 'x', '--type', 'robot'], /human.*system/s],
  ])('%j is a usage error: exit code 2, and a hint on standard error', async (argv, message) => {
    const { code, stdout, stderr } = await mcrsrv(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/See mcrsrv --help\n$/);
  });

  test('without a configuration fails with exit code 1 and names the file', async () => {
    const { code, stderr } = await mcrsrv(['account', 'list', '--config', '/nowhere/mcr.toml']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mcrsrv: .*\/nowhere\/mcr\.toml/s);
  });

  test('with a broken configuration fails with every problem', async () => {
    await using directory = await tempDirectory();
    const path = join(directory.path, 'mcr.toml');
    await writeFile(path, '[server]\nlisten_adr = ":1"\n[gc]\ninterval = "soon"\n');
    const { code, stderr } = await mcrsrv(['server', '--config', path]);
    expect(code).toBe(1);
    expect(stderr).toContain('listen_addr');
    expect(stderr).toContain('gc.interval');
  });
});

describe('mcrsrv check', () => {
  test('lists stored policy rules that match nothing, and changes nothing', async () => {
    await using directory = await tempDirectory();
    await using server = await startTestServer({ directory: directory.path });
    const { store } = server.context.services;
    const lists = { roles: [], accountTypes: [], actions: [], repositories: ['ok/*', '/secret/*'] };
    const rule = { priority: 9, description: '', effect: 'deny', enabled: true, ...lists } as const;
    const { id } = await store.createPolicyRule({ actor: {}, now: 1, rule });
    const { code, stdout, stderr } = await mcrsrv(['check', '--config', join(directory.path, 'mcr.toml')]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ok\n' });
    const words = 'the pattern "/secret/*" matches no repository name: names begin without a slash; write "secret/*"';
    expect(stderr).toContain(`policy rule ${id}: ${words}`);
    expect(await store.listPolicyRules()).toHaveLength(1);
  });

  test('says ok where a server would start', async () => {
    await using directory = await tempDirectory();
    expect((await mcrsrv(['init', '--dir', directory.path])).code).toBe(0);
    const ok = { code: 0, stdout: 'ok\n', stderr: '' };
    expect(await mcrsrv(['check'])).toEqual(ok);
    expect(await mcrsrv(['check', '--config', join(directory.path, 'mcr.toml')])).toEqual(ok);
  });

  test('fails for a configuration that does not work, with every problem', async () => {
    await using directory = await tempDirectory();
    const path = join(directory.path, 'mcr.toml');
    await writeFile(path, '[gc]\ninterval = "soon"\n');
    const { code, stderr } = await mcrsrv(['check', '--config', path]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('gc.interval') });
  });
});

describe('mcrsrv init', () => {
  let directory: TempDirectory;
  let root: string;
  let password: string;

  beforeAll(async () => {
    directory = await tempDirectory();
    root = join(directory.path, 'srv');
    const { code, stdout, stderr } = await mcrsrv(['init', '--dir', root]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    password = /password (\S+)/.exec(stderr)![1]!;
  });
  afterAll(() => directory[Symbol.asyncDispose]());

  test('makes everything for a first start, the secrets for the owner alone', async () => {
    const names = await readdir(root);
    for (const name of ['mcr.toml', 'mcr.db', 'tls', 'layers', 'uploads', 'initial-admin-password']) {
      expect(names).toContain(name);
    }
    for (const name of ['mcr.db', 'initial-admin-password', 'tls/server.key']) {
      expect((await stat(join(root, name))).mode & 0o777, name).toBe(0o600);
    }
    expect(await readFile(join(root, 'initial-admin-password'), 'utf8')).toBe(`${password}\n`);
  });

  test('changes nothing when it is run again', async () => {
    const snapshot = async () => {
      const files = ['mcr.toml', 'initial-admin-password', 'tls/ca.crt', 'tls/server.crt', 'tls/server.key'];
      return await Promise.all(files.map((name) => readFile(join(root, name), 'utf8')));
    };
    const before = await snapshot();
    const { code, stdout, stderr } = await mcrsrv(['init', '--dir', root, '--host', 'another.example']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('kept');
    expect(stderr).not.toContain('created');
    expect(stderr).not.toContain(password);
    expect(await snapshot()).toEqual(before);
  });

  test('has not begun when it fails, so that the next one makes the account', async () => {
    await using other = await tempDirectory();
    vi.stubEnv('MCR_SERVER_LISTEN_ADR', ':8443');
    const failed = await mcrsrv(['init', '--dir', other.path]);
    vi.unstubAllEnvs();
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('MCR_SERVER_LISTEN_ADR') });
    expect(await readdir(other.path)).not.toContain('mcr.toml');
    const { code, stderr } = await mcrsrv(['init', '--dir', other.path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/account admin has the password \S+/) });
    expect((await readdir(other.path)).filter((name) => name.startsWith('mcr.toml'))).toEqual(['mcr.toml']);
  });

  test('gives a registry that runs, and that the printed password opens', async () => {
    const env = { MCR_SERVER_LISTEN_ADDR: '127.0.0.1:0', MCR_SERVER_GRPC_ADDR: '127.0.0.1:0' };
    await using server = await startTestServer({ directory: root, env });
    const client = server.client({ username: 'admin', password });
    expect((await client.request('GET', '/v2/')).status).toBe(200);
    expect((await client.request('GET', '/v1/statistics')).status, 'an administrator').toBe(200);
  });
});

describe('mcrsrv account', () => {
  let directory: TempDirectory;
  let server: TestServer;
  let config: string[];

  beforeAll(async () => {
    directory = await tempDirectory();
    server = await startTestServer({ directory: directory.path });
    config = ['--config', join(directory.path, 'mcr.toml')];
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

  test('add makes an account that can log in at the running registry at once, and prints its UUID alone', async () => {
    const { code, stdout, stderr } = await account(['add', 'alice', '--password-stdin'], 'first password\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(uuid);
    expect((await login('alice', 'first password')).status).toBe(200);
    expect((await server.audit('account_created'))[0]).toMatchObject({ actor: { name: 'mcrsrv' } });
  });

  test('add takes type and roles', async () => {
    const argv = ['add', 'ci', '--type', 'system', '--role', 'deploy', '--role', 'scan', '--password-stdin'];
    expect((await account(argv, 'a machine’s')).code).toBe(0);
    expect(await server.context.services.store.findAccountByName('ci')).toMatchObject({
      type: 'system',
      roles: ['deploy', 'scan'],
      enabled: true,
    });
  });

  test.each([
    ['a name that is none', ['add', 'No Name', '--password-stdin'], 'long enough', /must be of a-z/],
    ['a name that is taken', ['add', 'admin', '--password-stdin'], 'long enough', /admin|taken|exists/],
    ['a password that is too short', ['add', 'bob', '--password-stdin'], 'short', /8 to 256/],
    ['no terminal to ask for a password', ['add', 'bob'], '', /--password-stdin/],
    ['an account that is not there', ['disable', 'nobody'], '', /no account nobody/],
    ['an account that is not there', ['passwd', 'nobody', '--password-stdin'], 'long enough', /no account nobody/],
    ['nobody to confirm', ['remove', 'admin'], '', /--yes/],
    ['the last admin and nobody to confirm', ['disable', 'admin'], '', /without an enabled admin.*--yes/],
    [
      'a role that is none',
      ['add', 'bob', '--role', 'Admin', '--password-stdin'],
      'long enough',
      /invalid role "Admin"/,
    ],
  ])('fails with exit code 1 for %s: %j', async (_, argv, stdin, message) => {
    const before = await server.context.services.store.listAccounts({ limit: 100 });
    const { code, stdout, stderr } = await account(argv, stdin);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcrsrv: /);
    expect(stderr).toMatch(message);
    expect(await server.context.services.store.listAccounts({ limit: 100 })).toEqual(before);
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

  test('remove deletes it with its tokens', async () => {
    const { token } = (await login('alice', 'second password')).json();
    expect((await account(['remove', 'alice', '--yes'])).code).toBe(0);
    expect((await server.admin.request('GET', '/v2/', { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await login('alice', 'second password')).status).toBe(401);
  });

  test('disable and remove take the last admin when they are told to, and enable is the way back', async () => {
    const disabled = await account(['disable', 'admin', '--yes']);
    expect(disabled).toMatchObject({ code: 0, stderr: expect.stringMatching(/last enabled admin.*account add/) });
    expect((await account(['enable', 'admin'])).stderr).toBe('admin is enabled\n');
    const { store } = server.context.services;
    expect(await store.findAccountByName('admin')).toMatchObject({ enabled: true, roles: ['admin'] });
    expect((await account(['remove', 'admin', '--yes'])).code).toBe(0);
    expect(await store.findAccountByName('admin')).toBeUndefined();
    const again = ['add', 'admin', '--role', 'admin', '--password-stdin'];
    expect((await account(again, 'yet another password')).code).toBe(0);
    expect((await login('admin', 'yet another password')).status).toBe(200);
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
