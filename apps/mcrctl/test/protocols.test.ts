import type { IncomingMessage, RequestListener } from 'node:http';
import { buildImage, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority, type TestAuthority } from './_util/connections.ts';
import { startOperator } from './_util/operator.ts';
import { runMcrctl, words } from './_util/run-mcrctl.ts';

let authority: TestAuthority;
beforeAll(async () => {
  authority = await createAuthority();
});
afterAll(() => authority[Symbol.asyncDispose]());

/** The first request of a command line, with two servers that know nothing. */
async function firstRequest(line: string, input = ''): Promise<string> {
  const seen: string[] = [];
  const recording =
    (say: (request: IncomingMessage) => string): RequestListener =>
    (request, response) => {
      seen.push(say(request));
      response.writeHead(404).end();
    };
  await using rest = await authority.serve(recording(({ method, url }) => `REST ${method} ${url}`));
  await using rpc = await authority.serveHttp2(
    recording(({ httpVersion, headers, url }) => `HTTP/${httpVersion} ${headers['content-type']} ${url}`),
  );
  const options = ['--server', rest.url, '--grpc', rpc.url, '--ca-cert', authority.caFile, '--token', 't'];
  await runMcrctl([...words(line), ...options], { input });
  return seen[0] ?? 'nothing';
}

/** Paths that the project plan names. */
test.each([
  ['status', 'GET /v1/health'],
  ['repo list', 'GET /v1/repositories?n=200'],
  ['repo delete team/app --yes', 'GET /v1/repositories/team%2Fapp?n=0'],
  ['audit tail --n 5', 'GET /v1/audit?n=5'],
  ['audit list', 'GET /v1/audit?n=50'],
  ['gc', 'POST /v1/gc'],
  ['gc --reconcile', 'POST /v1/gc'],
  ['gc status', 'GET /v1/gc/status'],
  ['login --username ann', 'POST /v1/auth/login'],
  ['logout', 'POST /v1/auth/logout'],
])('mcrctl %s sends %s', async (line, request) => {
  expect(await firstRequest(line, 'password')).toBe(`REST ${request}`);
});

test.each([
  ['whoami', 'AuthService/WhoAmI'],
  ['tag list a', 'RegistryService/ListTags'],
  ['tag delete a:1 --yes', 'RegistryService/DeleteTag'],
  ['manifest list a', 'RegistryService/ListManifests'],
  ['manifest get a:1', 'RegistryService/GetManifest'],
  ['gc list', 'RegistryService/ListGCRuns'],
  ['policy list', 'PolicyService/ListPolicyRules'],
  ['policy create --effect deny --priority 1 --role x', 'PolicyService/CreatePolicyRule'],
  ['snapshot', 'AdminService/Snapshot'],
  ['account list', 'AdminService/ListAccounts'],
  ['account create ann', 'AdminService/CreateAccount'],
])('mcrctl %s calls %s over Connect', async (line, method) => {
  expect(await firstRequest(line, 'password')).toBe(`HTTP/2.0 application/proto /mcr.v1.${method}`);
});

test('what goes over REST needs no gRPC address: a registry without one can be run', { timeout: 60_000 }, async () => {
  await using operator = await startOperator({ MCR_SERVER_GRPC_ADDR: '' });
  const { registry, run } = operator;
  expect(await operator.login()).toMatchObject({ exitCode: 0 });
  await pushImage(registry.client(), 'team/app', '1.0', await buildImage({ layers: [{ size: 10 }] }));
  for (const line of [
    'repo list',
    'repo get team/app',
    'audit list --type manifest_pushed',
    'repo delete team/app --yes',
    'audit tail',
    'gc --wait',
    'gc status',
  ])
    expect({ line, ...(await run(line)) }).toMatchObject({ line, exitCode: 0 });
  expect(await run('status')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('status\tready\n'),
    stderr: `cannot connect to ${registry.grpcUrl}: connection refused\n`,
  });
  expect((await run('tag list team/app')).stderr).toMatch('hint: is server.grpc_addr set in mcr.toml?');
  expect(await run('logout')).toMatchObject({ exitCode: 0 });
});
