import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImage, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';
import { runMcrctl, words } from './_util/run-mcrctl.ts';

let operator: Operator;

beforeAll(async () => {
  operator = await startOperator();
  await operator.login();
});
afterAll(() => operator[Symbol.asyncDispose]());

const failure = (exitCode: number, message: string, hint: string) => ({
  exitCode,
  stdout: '',
  stderr: `error: ${message}\nhint: ${hint}\n`,
});

/** A command of each API. */
const commands = ['repo list', 'whoami'];

describe.each(commands)('%s without a valid token', (command) => {
  test('says so if there is none', async () => {
    const { baseUrl, caPath } = operator.registry;
    const env = { XDG_CONFIG_HOME: '/nonexistent', MCR_SERVER: baseUrl, MCR_CA_CERT: caPath };
    expect(await runMcrctl(words(command), { env })).toEqual(
      failure(4, `not logged in to ${baseUrl}: no token for it`, `run: mcrctl login --server ${baseUrl}`),
    );
  });

  test.each([
    ['--token', ['--token', 'forged'], {}],
    ['MCR_TOKEN', [], { MCR_TOKEN: 'forged' }],
  ])('names %s if the registry rejects that one', async (from, argv, variables) => {
    const { baseUrl } = operator.registry;
    expect(await runMcrctl([...words(command), ...argv], { env: { ...operator.env, ...variables } })).toEqual(
      failure(
        4,
        `not logged in to ${baseUrl}: it does not accept the token in ${from}, which may have expired`,
        `run: mcrctl login --server ${baseUrl}`,
      ),
    );
  });

  test('sends no request if the login has expired', async () => {
    const { baseUrl } = operator.registry;
    const clock = { now: () => Date.parse('2126-01-01T00:00:00Z') };
    const { stderr, ...rest } = await operator.run(command, { clock });
    expect(rest).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(`not logged in to ${baseUrl}: the login has expired (`);
    expect(stderr).toMatch(`hint: run: mcrctl login --server ${baseUrl}\n`);
  });

  test('says that the login is no longer valid if it was revoked', async () => {
    await using other = await startOperator();
    await other.login();
    const path = join(
      other.env.XDG_CONFIG_HOME ?? '',
      'mcrctl/profiles',
      `${new URL(other.registry.baseUrl).host.replace(':', '_')}.json`,
    );
    const profile = await readFile(path, 'utf8');
    expect(await other.run('logout')).toMatchObject({ exitCode: 0 });
    await writeFile(path, profile);
    expect((await other.run(command)).stderr).toMatch('it does not accept the token of the last login, which may have');
  });

  test('does not send a token with invalid characters', async () => {
    const outcome = await operator.run(command, { env: { ...operator.env, MCR_TOKEN: 'two\nlines' } });
    expect(outcome).toEqual(
      failure(2, 'the token in MCR_TOKEN has invalid characters', 'it must be a single line without spaces'),
    );
  });
});

test('a wrong password does not log in', async () => {
  const { baseUrl, caPath } = operator.registry;
  const argv = ['login', '--server', baseUrl, '--ca-cert', caPath, '-u', 'admin'];
  const { exitCode, stdout, stderr } = await runMcrctl(argv, { env: operator.env, input: 'wrong' });
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  expect(stderr).toMatch(`error: cannot log in to ${baseUrl} as admin: `);
  expect(stderr).toMatch('\nhint: check the name and the password; ');
  expect((await operator.run('whoami')).exitCode).toBe(0);
});

describe('the ports of the two APIs', () => {
  test('are distinguished if --server names the gRPC port', async () => {
    const { grpcUrl } = operator.registry;
    for (const command of ['status', 'repo list --token x']) {
      const outcome = await operator.run(`${command} --server ${grpcUrl} --ca-cert ${operator.registry.caPath}`);
      expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
      expect(outcome.stderr).toMatch(`: ${grpcUrl} is the gRPC address of the registry, not its REST address\n`);
      expect(outcome.stderr).toMatch('hint: pass it as --grpc; --server must be the address of server.listen_addr');
    }
  });

  test('are distinguished if --grpc names the REST port', async () => {
    const { baseUrl } = operator.registry;
    expect(await operator.run(`whoami --grpc ${baseUrl}`)).toEqual(
      failure(
        1,
        `cannot identify the token: ${baseUrl} is the REST address of the registry, not its gRPC address`,
        'pass it as --server; --grpc must be the address of server.grpc_addr in mcr.toml',
      ),
    );
  });
});

describe('a rejection by the registry', () => {
  test('because of a missing role is denied', async () => {
    const { username, password } = await operator.registry.addAccount('alice');
    const env = { ...operator.env, XDG_CONFIG_HOME: join(operator.registry.directory, 'alice') };
    const { baseUrl, grpcUrl, caPath } = operator.registry;
    const login = ['login', '--server', baseUrl, '--grpc', grpcUrl, '--ca-cert', caPath, '-u', username];
    expect(await runMcrctl(login, { env, input: password })).toMatchObject({ exitCode: 0 });
    const hint = 'mcrctl whoami shows who you are and which roles you have';
    for (const [command, what] of [
      ['account list', 'list the accounts'],
      ['audit list', 'read the audit log'],
    ] as const) {
      const denied = failure(5, `cannot ${what}: requires the admin role`, hint);
      expect(await runMcrctl(words(command), { env })).toEqual(denied);
    }
    const { exitCode, stdout, stderr } = await runMcrctl(['status'], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).not.toMatch('repositories');
  });

  test.each([
    ['repo get no/such', 3, 'cannot show the repository no/such: the repository does not exist'],
    ['tag list no/such', 3, 'cannot list the tags of no/such: the repository does not exist'],
    ['tag delete no/such:1 --yes', 3, 'cannot delete the tag no/such:1: '],
    ['manifest get no/such:1', 3, 'cannot show the manifest no/such:1: '],
    ['policy get 999', 3, 'cannot show rule 999: '],
    ['policy delete 999 --yes', 3, 'cannot show rule 999: '],
    ['account passwd grace', 3, 'account grace not found'],
    ['account create admin', 1, 'cannot create the account admin: '],
    ['account create Bad', 2, 'cannot create the account Bad: '],
    ['policy create --effect allow --priority 1 --repository [', 2, 'cannot create the rule: '],
    ['policy create --effect allow', 2, 'a rule needs at least --effect and --priority'],
    ['policy update 1', 2, 'nothing to change'],
    ['policy get one', 2, 'invalid rule id "one"'],
    ['repo list --limit 0', 2, 'invalid value "0" for --limit'],
    ['audit list --since yesterday', 2, 'invalid value "yesterday" for --since'],
    ['audit tail --limit none', 2, 'invalid value "none" for --limit'],
    ['status --timeout soon', 2, 'invalid value "soon" for --timeout'],
    ['status --server http://x', 2, 'invalid value "http://x" for --server'],
  ])('%s exits with %d', async (line, exitCode, message) => {
    const outcome = await operator.run(line, { input: 'a password of some length' });
    expect({ ...outcome, stderr: outcome.stderr.slice(0, `error: ${message}`.length) }).toEqual({
      exitCode,
      stdout: '',
      stderr: `error: ${message}`,
    });
  });

  test('is JSON on stderr with --json', async () => {
    const { stdout, stderr, exitCode } = await operator.run('repo get no/such --json');
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        message: 'cannot show the repository no/such: the repository does not exist',
        hint: 'mcrctl repo list shows the repositories',
        exit_code: 3,
      },
    });
  });
});

describe('without a terminal nothing is destroyed without --yes', () => {
  beforeAll(async () => {
    await pushImage(operator.registry.client(), 'team/app', '1', await buildImage({ layers: [{ size: 10 }] }));
    await operator.run('policy create --effect deny --priority 7 --role nobody');
  });
  afterAll(async () => {
    for (const line of ['repo list --json name', 'policy list --json priority', 'tag list team/app --json name'])
      expect((await operator.run(line)).stdout).toMatch(/^\{.*\}\n$/);
  });

  test.each(['tag delete team/app:1', 'repo delete team/app', 'policy delete 1', 'account delete admin'])(
    '%s',
    async (line) => {
      const outcome = await operator.run(line);
      expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
      expect(outcome.stderr).toMatch(/stdin is not a terminal, so this cannot be confirmed: .*\nhint: add --yes\n/);
    },
  );
});
