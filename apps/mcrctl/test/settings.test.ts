import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority, type TestAuthority } from './_util/connections.ts';
import { responses } from './_util/https-server.ts';
import { runMcrctl } from './_util/run-mcrctl.ts';

let authority: TestAuthority;
let home: string;

beforeAll(async () => {
  authority = await createAuthority();
});
afterAll(() => authority[Symbol.asyncDispose]());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mcrctl-settings-'));
});
afterEach(() => rm(home, { recursive: true }));

const token = 'canary-token-3141592653';
const password = 'canary-password-2718281828';
const expires_at = '2126-01-01T00:00:00.000Z';

const registry = (logout: readonly [number, unknown] = [204, undefined]) =>
  authority.serve(
    responses({
      '/v1/auth/login': [200, { token, expires_at }],
      '/v1/auth/logout': logout,
      '/v1/repositories?n=200': [200, { repositories: [] }],
    }),
  );

const run = (argv: readonly string[], env: Record<string, string> = {}, input = '') =>
  runMcrctl(argv, { env: { XDG_CONFIG_HOME: home, ...env }, input });

const login = (server: string, ...more: string[]) =>
  run(['login', '--server', server, '--ca-cert', authority.caFile, '--username', 'admin', ...more], {}, password);

/** Name, value, source and origin of every setting. */
async function config(argv: readonly string[] = [], env: Record<string, string> = {}) {
  const { stdout } = await run(['config', ...argv], env);
  return Object.fromEntries(
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'))
      .map(([name, ...rest]) => [name, rest]),
  ) as Record<string, string[]>;
}

const profilePath = (server: string) =>
  join(home, 'mcrctl', 'profiles', `${new URL(server).host.replace(':', '_')}.json`);

describe('each setting', () => {
  test('is a default, or not set, without any source', async () => {
    expect(await config()).toEqual({
      context: ['', 'default', ''],
      server: ['', 'default', ''],
      grpc: ['', 'default', ''],
      'ca-cert': ['', 'default', ''],
      token: ['', 'default', ''],
      timeout: ['30s', 'default', ''],
    });
  });

  test('comes from the flag, before the environment, before the profile, before the default', async () => {
    await using server = await registry();
    await login(server.url, '--grpc', 'profile:1');
    const path = profilePath(server.url);
    const context = [new URL(server.url).host, 'profile', path];
    const remembered = {
      context,
      server: [server.url, 'profile', path],
      grpc: ['https://profile:1', 'profile', path],
      'ca-cert': [authority.caFile, 'profile', path],
      token: ['(set)', 'profile', path],
      timeout: ['30s', 'default', ''],
    };
    expect(await config()).toEqual(remembered);

    const env = { MCR_SERVER: server.url, MCR_GRPC: 'env:2', MCR_CA_CERT: '/env.crt', MCR_TOKEN: 'env' };
    const fromEnv = {
      context,
      server: [server.url, 'environment', 'MCR_SERVER'],
      grpc: ['https://env:2', 'environment', 'MCR_GRPC'],
      'ca-cert': ['/env.crt', 'environment', 'MCR_CA_CERT'],
      token: ['(set)', 'environment', 'MCR_TOKEN'],
      timeout: ['30s', 'default', ''],
    };
    expect(await config([], env)).toEqual(fromEnv);

    const flags = [
      '--server',
      server.url,
      '--grpc',
      'flag:3',
      '--ca-cert',
      '/flag.crt',
      '--token',
      't',
      '--timeout',
      '5m',
    ];
    expect(await config(flags, env)).toEqual({
      context,
      server: [server.url, 'flag', '--server'],
      grpc: ['https://flag:3', 'flag', '--grpc'],
      'ca-cert': ['/flag.crt', 'flag', '--ca-cert'],
      token: ['(set)', 'flag', '--token'],
      timeout: ['5m', 'flag', '--timeout'],
    });
    expect(await config([], { MCR_SERVER: '', MCR_GRPC: '', MCR_CA_CERT: '', MCR_TOKEN: '' })).toEqual(remembered);
  });

  test.each(['--server', '--context', '--grpc', '--token', '--ca-cert', '--timeout'])(
    'must not be an empty %s',
    async (flag) => {
      expect(await run(['config', flag, ''], { MCR_TOKEN: 'other' })).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: `error: ${flag} is empty\nhint: give it a value, or omit it\n`,
      });
    },
  );

  test('of another server is not read from this profile', async () => {
    await using server = await registry();
    await login(server.url, '--grpc', 'profile:1');
    expect(await config(['--server', 'https://other:8443'])).toEqual({
      context: ['', 'default', ''],
      server: ['https://other:8443', 'flag', '--server'],
      grpc: ['https://other:9443', 'default', ''],
      'ca-cert': ['', 'default', ''],
      token: ['', 'default', ''],
      timeout: ['30s', 'default', ''],
    });
  });
});

describe('a profile', () => {
  test('is private to its owner, and so are the directories', async () => {
    await using server = await registry();
    await login(server.url);
    const modes = [
      'mcrctl',
      'mcrctl/profiles',
      'mcrctl/current',
      `mcrctl/profiles/${(await readdir(join(home, 'mcrctl/profiles')))[0]}`,
    ];
    const found = await Promise.all(modes.map(async (path) => (await stat(join(home, path))).mode & 0o777));
    expect(found).toEqual([0o700, 0o700, 0o600, 0o600]);
  });

  test('is replaced atomically, without leftovers', async () => {
    await using server = await registry();
    await login(server.url);
    const before = await stat(profilePath(server.url));
    await login(server.url);
    expect((await stat(profilePath(server.url))).ino).not.toBe(before.ino);
    expect(await readdir(join(home, 'mcrctl', 'profiles'))).toHaveLength(1);
  });

  test('exists for each server, and the last login is the default', async () => {
    await using one = await registry();
    await using two = await registry();
    await login(one.url);
    await login(two.url);
    expect((await config())['server']?.[0]).toBe(two.url);
    expect((await config(['--server', one.url]))['token']?.[0]).toBe('(set)');
  });

  test('that other users can read is rejected', async () => {
    await using server = await registry();
    await login(server.url);
    const path = profilePath(server.url);
    await chmod(path, 0o640);
    expect(await run(['repo', 'list'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${path} may contain a token, but other users can read it\nhint: run: chmod 600 ${path}\n`,
    });
  });

  test.each(['{', '{"server":"https://evil.example"}'])('that is invalid (%s) is not used', async (content) => {
    await using server = await registry();
    await login(server.url);
    await writeFile(profilePath(server.url), content);
    const { exitCode, stderr } = await run(['repo', 'list']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(`invalid profile ${profilePath(server.url)}\nhint: remove it, then run: mcrctl login`);
  });

  test('has no token after logout, but keeps its addresses', async () => {
    await using server = await registry();
    await login(server.url, '--grpc', 'profile:1');
    expect(await run(['logout'])).toMatchObject({ exitCode: 0, stderr: `Logged out of ${server.url}\n` });
    expect(JSON.parse(await readFile(profilePath(server.url), 'utf8'))).toEqual({
      server: server.url,
      grpc: 'https://profile:1',
      ca_cert: authority.caFile,
    });
    expect(await run(['logout'])).toMatchObject({ exitCode: 0, stderr: `You are not logged in to ${server.url}\n` });
  });

  test('has no token after logout even if the server cannot be reached', async () => {
    const server = await registry();
    await login(server.url);
    await server[Symbol.asyncDispose]();
    expect(await run(['logout', '--quiet'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: the token was forgotten but not revoked; it stays valid until ${expires_at}: cannot connect to ${server.url}: connection refused
hint: is mcrsrv running there? Check the address in --server\n`,
    });
    expect(await readFile(profilePath(server.url), 'utf8')).not.toMatch(token);
  });

  test('has no token after logout even if that had expired', async () => {
    await using server = await registry([401, { error: 'The token has expired' }]);
    await login(server.url);
    expect(await run(['logout'])).toMatchObject({
      exitCode: 0,
      stderr: `Forgot the login to ${server.url}, which had already ended\n`,
    });
    expect(await readFile(profilePath(server.url), 'utf8')).not.toMatch(token);
    expect(await run(['logout', '--server', server.url, '--token', 'other'])).toMatchObject({ exitCode: 4 });
  });

  test('keeps its token if logout is cancelled', async () => {
    const interrupt = new AbortController();
    await using server = await authority.serve((request, response) => {
      if (request.url === '/v1/auth/logout') interrupt.abort();
      else response.end(JSON.stringify({ token, expires_at }));
    });
    await login(server.url);
    const outcome = await runMcrctl(['logout'], { env: { XDG_CONFIG_HOME: home }, signal: interrupt.signal });
    expect(outcome).toEqual({ exitCode: 130, stdout: '', stderr: 'cancelled\n' });
    expect(await readFile(profilePath(server.url), 'utf8')).toMatch(token);
  });

  test('remains the default after logging out of another one', async () => {
    await using one = await registry();
    await using two = await registry();
    await login(one.url);
    await login(two.url);
    expect(await run(['logout', '--server', one.url])).toMatchObject({ exitCode: 0 });
    const { server, token: left } = await config();
    expect([server?.[0], left?.[0]]).toEqual([two.url, '(set)']);
  });

  test('keeps its token if a token from another source is revoked', async () => {
    await using server = await registry();
    await login(server.url);
    await run(['logout', '--token', 'other']);
    expect(await readFile(profilePath(server.url), 'utf8')).toMatch(token);
  });
});

describe('login', () => {
  test('prints JSON with --json, and never a secret', async () => {
    await using server = await registry();
    const { exitCode, stdout, stderr } = await login(server.url, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ server: server.url, username: 'admin', expires_at });
    expect(stdout + stderr).not.toMatch(/canary/);
  });

  test('says if a variable takes precedence', async () => {
    await using server = await registry();
    const argv = ['login', '--server', server.url, '--ca-cert', authority.caFile, '-u', 'admin'];
    const { stderr } = await run(argv, { MCR_TOKEN: 'other' }, password);
    expect(stderr).toMatch('MCR_TOKEN is set and takes precedence over this login');
  });

  test('prompts a user for missing values', async () => {
    await using server = await registry();
    const argv = ['login', '--server', server.url, '--ca-cert', authority.caFile, '--no-color'];
    const env = { XDG_CONFIG_HOME: home };
    const outcome = await runMcrctl(argv, { env, terminal: true, replies: ['admin', password] });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: '' });
    expect(outcome.stderr).toMatch(/^Username: admin\nPassword of admin: \nLogged in to /);
  });

  test.each([
    ['the name', [], 130, /^Username: \ncancelled\n$/],
    ['the password', ['admin'], 130, /^Username: admin\nPassword of admin: \ncancelled\n$/],
  ])('is cancelled when the person gives up at %s', async (_name, responded, exitCode, stderr) => {
    await using server = await registry();
    const argv = ['login', '--server', server.url, '--ca-cert', authority.caFile];
    const outcome = await runMcrctl(argv, { env: { XDG_CONFIG_HOME: home }, terminal: true, replies: responded });
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr).toMatch(stderr);
  });

  test('without a terminal needs a name and a password', async () => {
    await using server = await registry();
    const argv = ['login', '--server', server.url, '--ca-cert', authority.caFile];
    expect(await run(argv)).toMatchObject({
      exitCode: 2,
      stderr: 'error: no account given\nhint: add --username\n',
    });
    expect((await run([...argv, '-u', 'a'])).stderr).toMatch('error: no password on stdin\n');
  });
});

test('no secret is printed, whatever goes wrong', async () => {
  await using server = await registry();
  await login(server.url);
  const env = { MCR_TOKEN: token };
  const lines = [
    'config',
    'config --json',
    'repo list',
    'repo list --json',
    'repo get x',
    'whoami',
    'policy list',
    'gc',
  ];
  for (const line of [...lines, 'status', 'logout', 'repo list']) {
    for (const variables of [{}, env]) {
      const { stdout, stderr } = await run([...line.split(' '), '--timeout', '2s'], variables);
      expect(`${stdout}${stderr}`, line).not.toMatch(/canary/);
    }
  }
  const { stderr } = await run(['status', '--server', `https://me:${password}@host`]);
  expect(stderr).not.toMatch(/canary/);
});

test.each([
  ['$XDG_CONFIG_HOME', () => ({ XDG_CONFIG_HOME: home }), 'mcrctl'],
  ['$HOME/.config without it', () => ({ HOME: home }), '.config/mcrctl'],
  ['$HOME/.config when it is relative', () => ({ XDG_CONFIG_HOME: 'relative', HOME: home }), '.config/mcrctl'],
])('profiles are kept below %s', async (_name, env, directory) => {
  await using server = await registry();
  const argv = ['login', '--server', server.url, '--ca-cert', authority.caFile, '-u', 'admin'];
  expect(await runMcrctl(argv, { env: env(), input: password })).toMatchObject({ exitCode: 0 });
  expect(await readdir(join(home, directory))).toEqual(['current', 'profiles']);
});

test('a directory that cannot be written leads to XDG_CONFIG_HOME', async () => {
  await using server = await registry();
  await writeFile(join(home, 'mcrctl'), 'a file');
  const { exitCode, stderr } = await login(server.url);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: cannot (?:write|read) .*\nhint: /);
});
