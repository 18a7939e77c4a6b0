import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OidcProvider, startOidcProvider, visitProvider } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';
import { runMcrctl } from './_util/run-mcrctl.ts';

const resources = new AsyncDisposableStack();
let operator: Operator;
let provider: OidcProvider;

beforeAll(async () => {
  operator = resources.use(await startOperator());
  provider = resources.use(await startOidcProvider({ redirectUris: ['http://127.0.0.1/callback'] }));
  const { directory, configPath } = operator.registry;
  await writeFile(join(directory, 'corp.crt'), provider.caPem);
  await writeFile(join(directory, 'corp.secret'), provider.clientSecret, { mode: 0o600 });
  await appendFile(
    configPath,
    `
[oidc.corp]
issuer = "${provider.issuer}"
client_id = "${provider.clientId}"
client_secret_file = "corp.secret"
redirect_url = "https://ui.example.com/login/callback"
ca_cert = "corp.crt"
`,
  );
  await operator.registry.restart();
});
afterAll(() => resources.disposeAsync());

/** Runs a login, and what a browser does with the page that it names. */
async function loginAs(login: string) {
  const { baseUrl, grpcUrl, caPath } = operator.registry;
  const argv = ['login', '--sso', '--server', baseUrl, '--grpc', grpcUrl, '--ca-cert', caPath];
  const { promise: page, resolve } = Promise.withResolvers<string>();
  const outcome = runMcrctl(argv, {
    env: operator.env,
    onMessage: (written) => {
      const [url] = /^https:\/\/\S+(?=\n)/m.exec(written) ?? [];
      if (url !== undefined) resolve(url);
    },
  });
  const location = await Promise.race([page, outcome.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  const back = await visitProvider(location, {
    ca: provider.caPem,
    fields: { login, password: 'x' },
    until: 'http://127.0.0.1',
  });
  expect((await fetch(back)).status).toBe(200);
  return await outcome;
}

test('login --sso signs in with a browser, and later commands are those of the person', async () => {
  const { exitCode, stderr } = await loginAs('ann');
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toMatch(/Logged in to https:\/\/\S+ as ann; the login ends in 8 hours/);
  expect((await operator.run('whoami')).stdout).toMatch(/ann/);
  expect((await operator.run('repo list')).exitCode).toBe(0);
});

test('an admin lists, blocks, unblocks and removes people', async () => {
  await loginAs('bob');
  await operator.login();
  expect((await operator.run('identity list --json username,provider,blocked')).stdout).toContain('"bob"');
  expect((await operator.run('identity block bob')).stderr).toBe('bob is blocked\n');
  expect((await operator.run('identity list')).stdout).toMatch(/bob\s+corp\s+user\s+true/);
  expect((await loginAs('bob')).stderr).toMatch(/your account is blocked/);
  await operator.login();
  expect((await operator.run('identity unblock bob')).stderr).toBe('bob is unblocked\n');
  expect((await operator.run('identity delete bob --yes')).exitCode).toBe(0);
  expect((await operator.run('identity block bob')).stderr).toMatch(/identity bob not found/);
});

test('--sso and --username exclude each other', async () => {
  expect((await operator.run('login --sso corp --username ann')).stderr).toMatch(
    /--sso and --username exclude each other/,
  );
});
