import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

let operator: Operator;

beforeAll(async () => {
  operator = await startOperator();
  await operator.login();
});
afterAll(() => operator[Symbol.asyncDispose]());

const password = 'the first password of ci';
const canLogIn = async (secret: string): Promise<boolean> => {
  const body = JSON.stringify({ username: 'ci', password: secret });
  const init = { headers: { 'content-type': 'application/json' }, body, authorization: null };
  const { status } = await operator.registry.client().request('POST', '/v1/auth/login', init);
  return status === 200;
};

test('an account is created, changed and deleted', async () => {
  const created = await operator.run('account create ci --type system --role deploy --role ci --json', {
    input: `${password}\n`,
  });
  expect(created).toMatchObject({ exitCode: 0, stderr: 'Created the account ci\n' });
  const { id, ...account } = JSON.parse(created.stdout) as Record<string, unknown>;
  expect(account).toMatchObject({ username: 'ci', account_type: 'system', roles: ['deploy', 'ci'], enabled: true });
  expect(await canLogIn(password)).toBe(true);

  const listed = await operator.run('account list --json username,id');
  expect(listed.stdout.split('\n')).toContain(JSON.stringify({ username: 'ci', id }));
  expect((await operator.run('account list --limit 1')).stdout).toMatch(/^admin\thuman\tadmin\ttrue\t/);

  expect(await operator.run('account disable ci')).toEqual({ exitCode: 0, stdout: '', stderr: 'ci is disabled\n' });
  expect(await canLogIn(password)).toBe(false);
  expect(await operator.run('account enable ci --json enabled')).toMatchObject({ stdout: '{"enabled":true}\n' });
  expect(await canLogIn(password)).toBe(true);

  const changed = await operator.run('account passwd ci', { input: 'the second password of ci' });
  expect(changed).toEqual({ exitCode: 0, stdout: '', stderr: 'Changed the password of ci\n' });
  expect([await canLogIn(password), await canLogIn('the second password of ci')]).toEqual([false, true]);

  const roles = async (options: string): Promise<unknown> => {
    const { stdout, stderr } = await operator.run(`account update ci ${options} --json roles`);
    return stdout === '' ? stderr : JSON.parse(stdout).roles;
  };
  expect(await roles('--add-role release --remove-role deploy')).toEqual(['ci', 'release']);
  expect(await roles('--role deploy --role ci')).toEqual(['deploy', 'ci']);
  expect(await operator.run('account update ci --no-roles')).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'ci has no roles\n',
  });
  expect(await roles('--add-role a --add-role a')).toEqual(['a']);
  expect(await roles('--role Upper')).toContain('a role is of a-z 0-9');

  const deleted = await operator.run('account delete ci --yes --quiet --json id');
  expect(deleted).toEqual({ exitCode: 0, stdout: `${JSON.stringify({ id })}\n`, stderr: '' });
  expect((await operator.run('account list --json username')).stdout).toBe('{"username":"admin"}\n');
});

test.each(['disable', 'delete --yes'])('the last admin cannot be removed by account %s', async (verb) => {
  const { exitCode, stderr } = await operator.run(`account ${verb.replace(/^\w+/, '$& admin')}`);
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(/admin is the last enabled account with the role admin; give another account the role first/);
  expect((await operator.run('account list --json username,enabled')).stdout).toBe(
    '{"username":"admin","enabled":true}\n',
  );
});

test.each([
  ['', 'nothing to change'],
  ['--role a --no-roles', 'contradictory role options'],
  ['--role a --add-role b', 'contradictory role options'],
])('account update %s is a usage error', async (options, words) => {
  const { exitCode, stderr } = await operator.run(`account update admin ${options}`);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(words);
});

describe("the caller's own password", () => {
  const first = 'the first password of grace';
  const second = 'the second password of grace';
  let env: Readonly<Record<string, string>>;
  const run = (line: string, surroundings: object = {}) => operator.run(line, { env, ...surroundings });
  const login = (input: string) => {
    const { baseUrl, grpcUrl, caPath } = operator.registry;
    return run(`login --server ${baseUrl} --grpc ${grpcUrl} --ca-cert ${caPath} --username grace`, { input });
  };

  beforeAll(async () => {
    env = { ...operator.env, XDG_CONFIG_HOME: join(operator.registry.directory, 'config-of-grace') };
    await operator.registry.addAccount('grace', { password: first });
    await login(first);
  });

  test('is changed with the current one, and the login stays valid', async () => {
    const wrong = await run('account passwd', { input: `no password\n${second}\n` });
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
    expect(wrong.stderr).toContain('the current password is wrong');
    expect(await run('account passwd', { input: `${first}\n${second}\n` })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Changed your password; other logins of this account have ended\n',
    });
    expect((await run('whoami --json username')).stdout).toBe('{"username":"grace"}\n');
    expect((await login(first)).exitCode).not.toBe(0);
    expect((await login(second)).exitCode).toBe(0);
  });

  test('is prompted for at a terminal, without echo', async () => {
    const { exitCode, stderr } = await run('account passwd', { terminal: true, replies: [second, first, first] });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Current password of grace: \nNew password of grace: \nRepeat it: \nChanged your password/);
    expect((await run('account passwd', { terminal: true, replies: [first, second, 'other'] })).stderr).toContain(
      'the passwords do not match; nothing was changed',
    );
  });

  test.each(['', 'one line', 'one\ntwo\nthree'])('is not read from %j', async (input) => {
    expect(await run('account passwd', { input })).toMatchObject({ exitCode: 2 });
  });

  test('is changed with a token of a variable, which is revoked', async () => {
    const profiles = join(env['XDG_CONFIG_HOME'] ?? '', 'mcrctl', 'profiles');
    const [file = ''] = readdirSync(profiles);
    const { token } = JSON.parse(readFileSync(join(profiles, file), 'utf8')) as { token: string };
    const { baseUrl, grpcUrl, caPath } = operator.registry;
    const elsewhere = {
      XDG_CONFIG_HOME: '/nonexistent',
      MCR_TOKEN: token,
      MCR_SERVER: baseUrl,
      MCR_GRPC: grpcUrl,
      MCR_CA_CERT: caPath,
    };
    const { stderr } = await run('account passwd', { env: elsewhere, input: `${first}\n${second}\n` });
    expect(stderr).toContain('The current token is no longer valid either');
    expect((await run('whoami')).exitCode).toBe(4);
  });
});
