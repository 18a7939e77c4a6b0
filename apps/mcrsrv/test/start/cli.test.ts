import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandWords } from '@mcr/cli';
import { parseCommandLine } from '@mcr/cli/parse';
import { version } from '@mcr/core';
import { type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { program } from '../../src/cli/cli.ts';
import { storeWarnings } from '../../src/start/warnings.ts';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer } from '../_util/server.ts';

describe('mcrsrv', () => {
  test('--version prints the version alone', async () => {
    expect(await mcrsrv(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  const asked = [[], ['account'], ...program.commands.map(commandWords)];

  test.each(asked.map((it) => ['mcrsrv', ...it].join(' ')))('%s --help shows its usage', async (line) => {
    const { code, stdout, stderr } = await mcrsrv([...line.split(' ').slice(1), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: ${line} .*\\[options\\]$`, 'm'));
    expect(stdout).toMatch(/^Examples:$|--help shows examples$/m);
  });

  test('the help of a command shows its arguments, options and examples', async () => {
    expect((await mcrsrv(['account', 'create', '-h'])).stdout).toMatchInlineSnapshot(`
      "Create an account, and print its UUID

      Usage: mcrsrv account create <name> [options]

      Arguments:
        name  Account name

      Options:
        -c, --config FILE     Configuration file (default $MCR_CONFIG or mcr.toml)
            --password-stdin  Read the password from standard input
            --type TYPE       Kind of account (human, system) (default human)
            --role ROLE       Role, such as admin; may be repeated
            --json            One JSON object a line

      Examples:
        # A person, who may push and pull
        mcrsrv account create alice
        # A machine, which needs policy rules
        mcrsrv account create ci --type system --password-stdin < secret
      "
    `);
  });

  const examples = program.commands.flatMap(({ examples }) => examples.map(([line]) => line));
  test.each(examples)('the example can be typed: %s', async (line) => {
    const words = line
      .replace(/^.*?mcrsrv | <.*$/g, '')
      .replace('$MAINPID', '1')
      .split(' ');
    const { command } = await parseCommandLine(words, program);
    expect(line).toContain(`mcrsrv ${commandWords(command).join(' ')}`);
  });

  test.each([
    [[], 'no command given', 'see mcrsrv --help'],
    [['nonsense'], 'Unknown argument: nonsense', 'see mcrsrv --help'],
    [['server', '--nonsense'], 'Unknown argument: nonsense', 'see mcrsrv server --help'],
    [['server', '--config'], '--config needs a value', 'see mcrsrv server --help'],
    [['snapshot', 'extra'], 'Unknown argument: extra', 'see mcrsrv snapshot --help'],
    [['health', '--wait', 'soon'], '--wait must be a number', 'see mcrsrv health --help'],
    [['account'], 'no command given', 'see mcrsrv account --help'],
    [['account', 'crate'], 'Unknown command; did you mean create?', 'see mcrsrv account --help'],
    [['account', 'create'], 'missing argument <name>', 'see mcrsrv account create --help'],
    [['account', 'create', 'x', '--type', 'robot'], 'invalid value "robot" for --type', 'use one of human, system'],
    [
      ['account', 'update', 'x'],
      'nothing to change: give --role, --add-role, --remove-role or --no-roles',
      'see mcrsrv account update --help',
    ],
    [
      ['account', 'update', 'x', '--role', 'a', '--add-role', 'b'],
      'Arguments role and add-role are mutually exclusive',
      'see mcrsrv account update --help',
    ],
    [
      ['account', 'update', 'x', '--no-roles', '--remove-role', 'b'],
      'Arguments remove-role and no-roles are mutually exclusive',
      'see mcrsrv account update --help',
    ],
  ])('%j is a usage error: exit code 2, and a hint on standard error', async (argv, message, hint) => {
    const stderr = `error: ${message}\nhint: ${hint}\n`;
    expect(await mcrsrv(argv)).toEqual({ code: 2, stdout: '', stderr });
  });

  test.each([
    [['init', '--host', 'a.example', '--host', 'b.example'], { host: ['a.example', 'b.example'] }],
    [['account', 'create', '--role', 'admin', '--role', 'deploy', 'x'], { role: ['admin', 'deploy'], name: 'x' }],
    [['account', 'update', 'x', '--add-role', 'a', '--add-role', 'b'], { 'add-role': ['a', 'b'] }],
    [['server', '--config', 'a.toml', '-c', 'b.toml'], { config: 'b.toml' }],
  ])('of %j, lists keep every value and other options the last', async (argv, args) => {
    expect((await parseCommandLine(argv, program)).args).toMatchObject(args);
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
    const { id } = await store.policy.createRule({ actor: {}, now: 1, rule });
    const { code, stdout, stderr } = await mcrsrv(['check', '--config', join(directory.path, 'mcr.toml')]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ok\n' });
    const words = 'the pattern "/secret/*" matches no repository name: names begin without a slash; write "secret/*"';
    expect(stderr).toContain(`policy rule ${id}: ${words}`);
    expect(await store.policy.listRules()).toHaveLength(1);
  });

  test('names an account that has the name of guests since before it was reserved, and which works on', async () => {
    await using directory = await tempDirectory();
    await using server = await startTestServer({ directory: directory.path });
    await server.addAccount('anonymous');
    const config = join(directory.path, 'mcr.toml');
    const message = /warning: account anonymous: guests have this name .* create an account of another name/m;
    const { code, stderr } = await mcrsrv(['check', '--config', config]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(message) });
    expect(await storeWarnings(server.context.services.store)).toMatchObject([{ key: 'account anonymous' }]);
    expect((await server.client('anonymous').request('GET', '/v2/')).status).toBe(200);
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
