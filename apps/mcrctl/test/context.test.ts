import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority, type TestAuthority } from './_util/connections.ts';
import type { HttpsServer } from './_util/https-server.ts';
import { runMcrctl, type Surroundings, words } from './_util/run-mcrctl.ts';

let authority: TestAuthority;
let one: HttpsServer;
let two: HttpsServer;
let home: string;

const expires_at = '2126-01-01T00:00:00.000Z';

/** A registry whose tokens are `<name>-<account>`, and whose only repository is named after the token of the request. */
const registry = (name: string) =>
  authority.serve((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
      if (request.url === '/v1/auth/login') {
        const { username } = JSON.parse(body) as { readonly username: string };
        return response.end(JSON.stringify({ token: `${name}-${username}`, expires_at }));
      }
      if (request.url === '/v1/auth/logout') return response.writeHead(204).end();
      const token = request.headers.authorization?.replace('Bearer ', '');
      const repository = { name: token, tag_count: 0, manifest_count: 0, total_size: 0, created_at: expires_at };
      return response.end(JSON.stringify({ repositories: [repository] }));
    })();
  });

beforeAll(async () => {
  authority = await createAuthority();
  [one, two] = await Promise.all([registry('one'), registry('two')]);
});
afterAll(async () => {
  await Promise.all([one, two].map((server) => server[Symbol.asyncDispose]()));
  await authority[Symbol.asyncDispose]();
});
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mcrctl-context-'));
});
afterEach(() => rm(home, { recursive: true }));

const run = (line: string, env: Record<string, string> = {}, more: Surroundings = {}) =>
  runMcrctl(words(line), { env: { XDG_CONFIG_HOME: home, ...env }, input: 'a password', ...more });
const login = async (server: HttpsServer, username: string, more = '') => {
  const line = `login --server ${server.url} --ca-cert ${authority.caFile} --username ${username} ${more}`;
  expect(await run(line.trim())).toMatchObject({ exitCode: 0 });
};
/** The token that a command sends. */
const tokenOf = async (options = '', env: Record<string, string> = {}): Promise<string> => {
  const { stdout, stderr } = await run(`repo list -o name ${options}`.trim(), env);
  return stdout.trim() || stderr;
};
const hostOf = (server: HttpsServer): string => new URL(server.url).host;
const list = async () =>
  (await run('context list --json name,current,server,username')).stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);

describe('contexts', () => {
  test('are logins: one for each registry, named by its host, and others by the name that login was given', async () => {
    await login(one, 'admin');
    await login(one, 'ann', '--context ann');
    await login(two, 'bob', '--context prod');
    const names = [hostOf(one), 'ann', 'prod'];
    const rows = [
      { name: names[0], current: false, server: one.url, username: 'admin' },
      { name: 'ann', current: false, server: one.url, username: 'ann' },
      { name: 'prod', current: true, server: two.url, username: 'bob' },
    ];
    expect(await list()).toEqual(rows);
    expect((await run('context list -o name --limit 2')).stdout).toBe(`${names[0]}\nann\n`);
    const table = (await run('context list --no-color', {}, { terminal: true, columns: 80 })).stdout.split('\n');
    expect(table[0]).toMatch(/^NAME +IN USE +REGISTRY +ACCOUNT +LOGIN ENDS$/);
    expect(table[3]).toMatch(/^prod +yes +https:\S+ +bob +in \d+ days$/);
    expect((await run('context list -o yaml')).stdout).not.toMatch(/one-|two-/);
  });

  test('are used by name: with use for all commands, with --context or MCR_CONTEXT for one', async () => {
    await login(one, 'admin');
    await login(one, 'ann', '--context ann');
    await login(two, 'bob', '--context prod');
    expect(await tokenOf()).toBe('two-bob');
    expect(await tokenOf('--context ann')).toBe('one-ann');
    expect(await tokenOf(`--context ${hostOf(one)}`, { MCR_CONTEXT: 'ann' })).toBe('one-admin');
    expect(await tokenOf('', { MCR_CONTEXT: 'ann' })).toBe('one-ann');
    expect((await run('context use ann')).stderr).toBe(`Using ann: ${one.url} as ann\n`);
    expect(await tokenOf()).toBe('one-ann');
    expect(await tokenOf(`--server ${one.url}`)).toBe('one-ann');
    expect(await tokenOf(`--server ${two.url}`)).toBe('two-bob');
    expect(await run(`context use ${hostOf(one)} -o name`)).toMatchObject({ stdout: `${hostOf(one)}\n` });
    expect(await tokenOf()).toBe('one-admin');
  });

  test('log in again and log out by name, and leave the others alone', async () => {
    await login(one, 'admin');
    await login(one, 'ann', '--context ann');
    expect(await run('login --context ann --username eve')).toMatchObject({ exitCode: 0 });
    expect(await tokenOf('--context ann')).toBe('one-eve');
    expect(await run('logout --context ann')).toMatchObject({ exitCode: 0 });
    expect(await tokenOf('--context ann')).toMatch('not logged in');
    expect(await tokenOf(`--context ${hostOf(one)}`)).toBe('one-admin');
  });

  test('are deleted after confirmation while they have a token, and the one in use leaves none in use', async () => {
    await login(one, 'ann', '--context ann');
    await login(two, 'bob', '--context prod');
    const cancelled = await run('context delete prod', {}, { terminal: true, replies: ['ann'] });
    expect(cancelled).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('whose token stays valid until'),
    });
    expect(await run('context delete prod')).toMatchObject({ exitCode: 2 });
    expect(await list()).toHaveLength(2);
    const done = await run('context delete prod', {}, { terminal: true, replies: ['prod'] });
    expect(done).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('Forgot the context prod, which was in use'),
    });
    expect(await readdir(join(home, 'mcrctl/profiles'))).toEqual(['ann.json']);
    expect(await tokenOf()).toMatch('no registry given');
    await run('logout --context ann');
    expect(await run('context delete ann')).toMatchObject({ exitCode: 0, stderr: 'Forgot the context ann\n' });
    expect((await run('context list', {}, { terminal: true })).stderr).toBe('No contexts; mcrctl login makes one\n');
  });

  test('of earlier versions are those of their registries, and the one in use stays in use', async () => {
    const profiles = join(home, 'mcrctl', 'profiles');
    await mkdir(profiles, { recursive: true, mode: 0o700 });
    for (const [server, username] of [
      [one, 'admin'],
      [two, 'bob'],
    ] as const) {
      const profile = { server: server.url, ca_cert: authority.caFile, username, token: `old-${username}`, expires_at };
      const file = join(profiles, `${hostOf(server).replace(':', '_')}.json`);
      await writeFile(file, JSON.stringify(profile), { mode: 0o600 });
    }
    await writeFile(join(home, 'mcrctl', 'current'), `${two.url}\n`, { mode: 0o600 });
    expect(await list()).toContainEqual({ name: hostOf(two), current: true, server: two.url, username: 'bob' });
    expect(await tokenOf()).toBe('old-bob');
    expect(await tokenOf(`--context ${hostOf(one)}`)).toBe('old-admin');
    await run(`context use ${hostOf(one)}`);
    expect(await tokenOf()).toBe('old-admin');
    await login(two, 'eve');
    expect(await readdir(profiles)).toHaveLength(2);
  });
});

describe('a context', () => {
  test.each([
    ['repo list --context nothing', 3, 'context nothing not found'],
    ['context use nothing', 3, 'context nothing not found'],
    ['context delete nothing --yes', 3, 'context nothing not found'],
    ['repo list --context ../../secret', 2, 'invalid context name "../../secret"'],
    ['login --server https://localhost:1 --username a --context a/b', 2, 'invalid context name "a/b"'],
    ['login --server https://localhost:1 --username a --context a_b', 2, 'invalid context name "a_b"'],
  ])('is rejected: %s', async (line, exitCode, message) => {
    expect(await run(line)).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
  });

  test('never gets the token of another registry', async () => {
    await login(one, 'ann', '--context prod');
    for (const line of [
      `repo list --context prod --server ${two.url}`,
      `login --context prod --server ${two.url} -u a`,
    ]) {
      expect(await run(line)).toMatchObject({
        exitCode: 2,
        stderr: `error: the context prod is for ${one.url}, not for ${two.url}\nhint: omit --server, or use another name in --context\n`,
      });
    }
    const both = await run('repo list', { MCR_CONTEXT: 'prod', MCR_SERVER: two.url });
    expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('omit MCR_SERVER') });
  });

  test('that is named like another registry keeps its name', async () => {
    await login(one, 'ann', '--context localhost');
    expect(await run('login --server https://localhost --username bob')).toMatchObject({
      exitCode: 2,
      stderr: `error: the context localhost is for ${one.url}\nhint: add --context with another name\n`,
    });
  });

  test('in a flag takes precedence over a variable, and a server in a flag over a context in a variable', async () => {
    await login(one, 'ann', '--context prod');
    await login(two, 'bob');
    expect(await tokenOf('--context prod', { MCR_SERVER: two.url })).toBe('one-ann');
    expect(await tokenOf(`--server ${two.url}`, { MCR_CONTEXT: 'prod' })).toBe('two-bob');
    const { stderr } = await run('context use prod', { MCR_SERVER: two.url });
    expect(stderr).toContain('MCR_SERVER is set and takes precedence\n');
  });

  test('is completed by its name', async () => {
    await login(one, 'ann', '--context prod');
    for (const line of ['mcrctl repo list --context p', 'mcrctl context use ', 'mcrctl --context=p']) {
      const { stdout } = await runMcrctl(['__complete', line], { env: { XDG_CONFIG_HOME: home } });
      expect(stdout).toBe(`${line.includes('=') ? '--context=' : ''}prod\t${one.url}\n`);
    }
  });

  test('whose file is invalid or of another name is not used', async () => {
    await login(one, 'ann', '--context prod');
    const path = join(home, 'mcrctl/profiles/prod.json');
    for (const content of ['{', '{"server":"https://a:1","context":"other"}', '{"server":"x"}']) {
      await writeFile(path, content);
      expect(await run('repo list --context prod')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(`invalid profile ${path}\nhint: remove it`),
      });
    }
  });
});
