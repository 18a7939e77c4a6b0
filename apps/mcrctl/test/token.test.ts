import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

let operator: Operator;
beforeAll(async () => {
  operator = await startOperator();
  await operator.login();
  await operator.run('account create ci --type system', { input: 'the first password of ci' });
  await operator.run('policy create --effect allow --priority 10 --account-type system --action registry:pull');
});
afterAll(() => operator[Symbol.asyncDispose]());

const statusOf = async (username: string, secret: string): Promise<number> => {
  const authorization = `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
  return (await operator.registry.client().request('GET', '/v2/token', { authorization })).status;
};
const host = () => new URL(operator.registry.baseUrl).host;

test('a token is created, rotated and revoked, and its secret is alone on stdout', async () => {
  const created = await operator.run(
    "token create deploy --account ci --action registry:pull --repository 'team/**' --expires 30d",
  );
  expect(created.exitCode, created.stderr).toBe(0);
  expect(created.stdout).toMatch(/^mcrr_[0-9A-Za-z]{36}\n$/);
  expect(created.stderr).toBe(`Created the token deploy
This is its secret, which is not shown again; ci logs in with it as the password, as by
  docker login ${host()} --username ci --password-stdin
`);
  const secret = created.stdout.trim();
  expect(await statusOf('ci', secret)).toBe(200);

  const [listed] = (await operator.run('token list --account ci --json')).stdout.trim().split('\n');
  expect(JSON.parse(listed!)).toMatchObject({
    name: 'deploy',
    username: 'ci',
    actions: ['registry:pull'],
    repositories: ['team/**'],
    scope: 'none',
    created_by_name: 'admin',
    last_used_ip: expect.any(String),
  });

  const rotated = await operator.run('token rotate deploy --account ci --overlap 0s --json secret');
  const { secret: next } = JSON.parse(rotated.stdout);
  expect([await statusOf('ci', secret), await statusOf('ci', next)]).toEqual([401, 200]);

  const unconfirmed = await operator.run('token revoke deploy --account ci');
  expect(unconfirmed.exitCode).toBe(2);
  expect(unconfirmed.stderr).toContain('revoke the token deploy of ci');
  const revoked = await operator.run('token revoke deploy --account ci --yes');
  expect(revoked).toEqual({ exitCode: 0, stdout: '', stderr: 'Revoked the token deploy of ci\n' });
  expect(await statusOf('ci', next)).toBe(401);
  const missing = await operator.run('token revoke deploy --account ci --yes');
  expect(missing).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('token deploy not found') });
});

test('a table of tokens shows for what they are, and when they end', async () => {
  await operator.run('token create laptop');
  const table = await operator.run('token list', { terminal: true, columns: 160 });
  expect(table.stdout).toMatch(/NAME +ACCOUNT +ACTIONS +REPOSITORIES +SCOPE +EXPIRES +LAST USED/);
  expect(table.stdout).toMatch(/laptop +admin +all +all +none/);
  const all = await operator.run('token list --all --json name,username');
  expect(all.stdout).toBe('{"name":"laptop","username":"admin"}\n');
});

test('mcrctl itself works with a token that has a scope', async () => {
  const { stdout } = await operator.run('token create reader --scope admin:read --json secret');
  const env = { ...operator.env, MCR_TOKEN: JSON.parse(stdout).secret };
  expect((await operator.run('account list --json username', { env })).stdout).toContain('{"username":"ci"}');
  const denied = await operator.run('account disable ci', { env });
  expect(denied).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('the scope admin:write') });
});

test.each([
  ['token create x --expires soon', 'invalid value "soon" for --expires'],
  ['token rotate laptop --overlap 1w', 'invalid value "1w" for --overlap'],
  ['token list --all --account ci', '--all and --account exclude each other'],
  ['token create x --scope admin', 'admin:read'],
])('%s is a mistake', async (line, message) => {
  const { exitCode, stderr } = await operator.run(line);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
