import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildImage, pushImage, run, startRegistry, tempDirectory } from '@mcr/testkit';
import { expect } from 'vitest';
import { useAccessTokens } from './access-tokens.ts';
import type { Ledger } from './ledger.ts';
import { readProcess, readTree } from './tree.ts';
import { asForm, asJson, basic, bearer, visitor } from './visitor.ts';
import { startWeb } from './web.ts';

const mcrctlBundle = fileURLToPath(new URL('../../../../mcrctl/dist/mcrctl.mjs', import.meta.url));
const json = JSON.stringify;

/** The profile that mcrctl keeps, and its file's mode. */
export interface KeptProfile {
  readonly text: string;
  readonly mode: number;
}

/** Uses every transport of a registry with accounts of its own, its web UI and mcrctl, rightly and wrongly. */
export async function useLocalAccounts(ledger: Ledger): Promise<KeptProfile> {
  await using home = await tempDirectory();
  await using registry = await startRegistry({ env: { MCR_LOG_LEVEL: 'debug' } });
  const { baseUrl, grpcUrl, ca, configPath } = registry;
  const ask = visitor(ledger, ca);
  const rpc = (method: string, body: string, headers = {}, issues = false) =>
    ask('POST', `${grpcUrl}/${method}`, { headers: { ...asJson, ...headers }, body, issues });
  const rest = (method: string, path: string, body: string, headers = {}, issues = false) =>
    ask(method, `${baseUrl}${path}`, { headers: { ...asJson, ...headers }, body, issues });
  ledger.secret('first password of admin', registry.adminPassword);

  // Logins, right ones: each transport gives a token.
  const login = json({ username: 'admin', password: registry.adminPassword });
  const own = basic('admin', registry.adminPassword);
  const issued = [
    await ask('GET', `${baseUrl}/v2/token?service=mcr`, { headers: own, issues: true }),
    await ask('POST', `${baseUrl}/v2/token`, {
      headers: asForm,
      body: new URLSearchParams({
        grant_type: 'password',
        username: 'admin',
        password: registry.adminPassword,
      }).toString(),
      issues: true,
    }),
    await rest('POST', '/v1/auth/login', login, {}, true),
    await rpc('mcr.v1.AuthService/Login', login, {}, true),
  ].map(({ body }, at) => ledger.token(`token ${at} of admin`, (JSON.parse(body) as { token: string }).token));
  const [admin = '', second = ''] = issued;

  // Accounts, by each transport, and changed passwords.
  const ann = ledger.password('password of ann');
  const created = await rest('POST', '/v1/accounts', json({ username: 'ann', password: ann }), bearer(admin));
  const { id } = JSON.parse(created.body) as { id: string };
  const bob = json({ username: 'bob', accountType: 'human', password: ledger.password('password of bob') });
  await rpc('mcr.v1.AdminService/CreateAccount', bob, bearer(admin));
  await registry.cli(
    ['account', 'create', 'carl', '--config', configPath, '--password-stdin'],
    ledger.password('password of carl'),
  );
  await registry.cli(
    ['account', 'passwd', 'carl', '--config', configPath, '--password-stdin'],
    ledger.password('new password of carl'),
  );
  await rest('PATCH', `/v1/accounts/${id}`, json({ password: ledger.password('new password of ann') }), bearer(admin));
  await rpc(
    'mcr.v1.AdminService/UpdateAccount',
    json({ id, password: ledger.password('third password of ann') }),
    bearer(admin),
  );
  await rest(
    'POST',
    '/v1/accounts',
    json({ username: 'Not A Name', password: ledger.password('rejected password') }),
    bearer(admin),
  );
  await rest(
    'POST',
    '/v1/accounts',
    json({ username: 'typo', passwort: ledger.password('password in a wrong field') }),
    bearer(admin),
  );

  // Logins and tokens, wrong ones, in every place where a client may put them.
  const wrong = ledger.password('wrong password');
  const garbage = ledger.secret('a token of no account', 'gForgedTokenX.gForgedTokenY.gForgedTokenZ');
  await ask('GET', `${baseUrl}/v2/token`, { headers: basic('ann', wrong) });
  await ask('POST', `${baseUrl}/v2/token`, {
    headers: asForm,
    body: new URLSearchParams({ grant_type: 'password', username: 'bob', password: wrong }).toString(),
  });
  await ask('POST', `${baseUrl}/v2/token`, {
    headers: asForm,
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: garbage }).toString(),
  });
  for (const body of [
    json({ username: 'carl', password: wrong }),
    `{"username":"carl","password":"${wrong}`,
    json([wrong]),
    json({ password: [wrong] }),
    wrong,
  ]) {
    await rest('POST', '/v1/auth/login', body);
    await rpc('mcr.v1.AuthService/Login', body);
    await rest('POST', '/v1/accounts', body, bearer(admin));
    await rpc('mcr.v1.AdminService/CreateAccount', body, bearer(admin));
  }
  for (const authorization of [
    bearer(garbage).authorization,
    `Bearer ${admin}x`,
    `Token ${garbage}`,
    garbage,
    basic('ann', wrong).authorization,
  ]) {
    for (const path of [
      '/v2/',
      '/v2/a/tags/list',
      '/v2/a/manifests/v1',
      '/v1/accounts',
      '/nowhere',
      `/v1/audit?access_token=${garbage}&password=${encodeURIComponent(wrong)}`,
    ]) {
      await ask('GET', `${baseUrl}${path}`, {
        headers: { authorization, cookie: `session=${garbage}`, 'proxy-authorization': authorization },
      });
    }
    await rpc('mcr.v1.RegistryService/ListRepositories', '{}', { authorization });
  }
  for (let at = 0; at < 7; at += 1) await ask('GET', `${baseUrl}/v2/token`, { headers: basic('dora', wrong) });

  // A working day.
  await pushImage(registry.client(), 'team/app', 'v1', await buildImage({ layers: [Buffer.from('a layer')] }));
  for (const [method, path, body] of [
    ['GET', '/v2/team/app/manifests/v1', ''],
    ['GET', '/v2/_catalog', ''],
    ['PUT', '/v2/team/app/manifests/v2', '{"no": "manifest"}'],
    ['POST', '/v2/team/app/blobs/uploads/?digest=sha256:0', 'x'],
    ['DELETE', '/v2/team/app/manifests/v1', ''],
    ['GET', '/v1/repositories', ''],
    ['POST', '/v1/policy/rules', json({ priority: 5, description: 'a rule', effect: 'deny', roles: ['guest'] })],
    ['GET', '/v1/policy/rules', ''],
    ['POST', '/v1/policy/explain', json({ subject: id, action: 'registry:pull', repository: 'team/app' })],
    ['POST', '/v1/snapshots', ''],
    ['GET', '/v1/snapshots', ''],
    ['GET', '/v1/accounts', ''],
    ['GET', '/v1/statistics', ''],
    ['GET', '/v1/auth/whoami', ''],
    ['PATCH', '/v1/nothing', '{}'],
  ] as const) {
    await ask(method, `${baseUrl}${path}`, { headers: { ...asJson, ...bearer(admin) }, ...(body !== '' && { body }) });
  }
  await useAccessTokens(ledger, { ask, baseUrl, grpcUrl, admin });
  await rest('POST', '/v1/gc', json({ reconcile: true }), bearer(admin));
  await rest('POST', '/v1/auth/logout', '{}', bearer(second));
  await rest('GET', '/v1/auth/whoami', '', bearer(second));

  // The web UI.
  await using web = await startWeb(registry, ask);
  await web.post('/login', { username: 'bob', password: ledger.password('wrong password in the web UI') });
  expect((await web.post('/login', { username: 'admin', password: registry.adminPassword })).status).toBe(303);
  const session = JSON.parse(Buffer.from(web.session(), 'base64url').toString()) as { token: string };
  ledger.token('token in the cookie', session.token);
  ledger.secret('the cookie', web.session());
  for (const path of [
    '/',
    '/me',
    '/repositories/team/app',
    '/accounts',
    '/audit',
    '/audit.csv',
    '/audit.jsonl',
    '/storage',
    '/nowhere',
  ])
    await web.get(path);
  await web.post('/accounts', {
    username: 'eve',
    type: 'human',
    roles: 'user',
    password: ledger.password('password of eve'),
  });
  await web.post('/accounts', {
    username: 'Not A Name',
    type: 'human',
    roles: '',
    password: ledger.password('rejected password in the web UI'),
  });
  const page = await web.post('/tokens', { name: 'from-the-ui', scope: 'none', days: '7' }, { issues: true });
  ledger.secret('token of the web UI', /mcrp_[0-9A-Za-z]{36}/.exec(page.body)?.[0] ?? '');
  await web.get('/tokens');
  await web.post(`/accounts/${id}/password`, { password: ledger.password('fourth password of ann') });

  // mcrctl, with a password from a pipe and a token from the environment.
  const operator = { XDG_CONFIG_HOME: home.path, MCR_SERVER: baseUrl, MCR_GRPC: grpcUrl, MCR_CA_CERT: registry.caPath };
  const mcrctl = async (argv: readonly string[], input = '', env = {}): Promise<void> => {
    const { stdout, stderr } = await run(process.execPath, [mcrctlBundle, ...argv], {
      env: { ...operator, ...env },
      input,
    });
    ledger.wrote('output of mcrctl', `${stdout}${stderr}`);
  };
  await mcrctl(['login', '-u', 'bob'], ledger.password('wrong password of mcrctl'));
  await mcrctl(['login', '-u', 'admin'], registry.adminPassword);
  await mcrctl(['account', 'create', 'fred', '--json'], ledger.password('password of fred'));
  await mcrctl(['account', 'passwd', 'fred'], 'short');
  const token = await run(process.execPath, [mcrctlBundle, 'token', 'create', 'cli', '--scope', 'admin:read'], {
    env: operator,
  });
  ledger.wrote('output of mcrctl', token.stderr);
  const cli = ledger.secret('token by mcrctl', token.stdout.trim());
  expect(cli).toMatch(/^mcrp_/);
  await mcrctl(['token', 'list'], '', { MCR_TOKEN: cli });
  await mcrctl(['config', '--json'], '', { MCR_TOKEN: cli });
  await mcrctl(['config', '--json']);
  await mcrctl(['audit', 'list'], '', { MCR_TOKEN: admin });
  await mcrctl(['repo', 'list'], '', { MCR_TOKEN: garbage });
  await mcrctl(['whoami', '--server', 'https://127.0.0.1:1'], '', { MCR_TOKEN: admin });
  const kept = join(home.path, 'mcrctl/profiles', `${new URL(baseUrl).hostname}_${new URL(baseUrl).port}.json`);
  const profile = { text: await readFile(kept, 'utf8'), mode: (await stat(kept)).mode & 0o777 };
  ledger.token('token of mcrctl', (JSON.parse(profile.text) as { token: string }).token);

  // What all of this left behind.
  await rest('GET', '/v1/audit?limit=1000', '', bearer(admin));
  await rpc('mcr.v1.AuditService/ListAuditEvents', json({ limit: 1000 }), bearer(admin));
  ledger.wrote('metrics', await (await fetch(`${registry.metricsUrl}/metrics`)).text());
  for (const pid of [registry.pid, web.process.pid]) await readProcess(ledger, pid);
  await readTree(ledger, registry.directory);
  await registry.stop();
  expect((await web.get('/repositories')).status).toBe(503);
  ledger.wrote('output of mcrsrv', registry.log());
  ledger.wrote('output of mcr-web', web.process.output());
  await readTree(ledger, registry.directory);
  return profile;
}
