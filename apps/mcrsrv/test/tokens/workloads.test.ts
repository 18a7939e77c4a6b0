import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobOf, type FakeIssuer, githubClaims, kubernetesClaims, startFakeIssuer, tempDirectory } from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { expectError } from '../_util/errors.ts';
import { logOf } from '../_util/log.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const audience = 'registry.example.com';
const resources = new AsyncDisposableStack();
let github: FakeIssuer;
let kubernetes: FakeIssuer;
let server: TestServer;
let toml: string;
let directory: string;

beforeAll(async () => {
  github = resources.use(await startFakeIssuer());
  kubernetes = resources.use(await startFakeIssuer({ algorithm: 'ES256' }));
  directory = resources.use(await tempDirectory()).path;
  const [githubCa, kubernetesCa] = [join(directory, 'github.crt'), join(directory, 'kubernetes.crt')];
  await writeFile(githubCa, github.caPem);
  await writeFile(kubernetesCa, kubernetes.caPem);
  toml = `
[workload.release]
issuer = "${github.issuer}"
audience = "${audience}"
conditions = { repository_owner_id = "id-of-acme", repository = "acme/app", ref = "refs/heads/main" }
roles = ["ci"]
ca_cert = "${githubCa}"

[workload.cluster]
issuer = "https://kubernetes.default.svc.cluster.local"
audience = "${audience}"
conditions = { sub = "system:serviceaccount:pullers:*" }
jwks_url = "${kubernetes.issuer}/keys"
ca_cert = "${kubernetesCa}"
`;
  server = resources.use(
    await startTestServer({ toml, env: { MCR_POLICY_DEFAULT: 'closed', MCR_LIMITS_FAILED_LOGINS: '0' } }),
  );
});
afterAll(() => resources.disposeAsync());
afterEach(() => {
  vi.unstubAllEnvs();
});

const tokenWith = (username: string, password: string) => {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return server.client({}).request('GET', '/v2/token?service=mcr', { authorization });
};
const job = (claims: object = {}, repository = 'acme/app') =>
  github.sign({ ...githubClaims(repository, audience), ...claims });

describe('a job of GitHub Actions', () => {
  test('pushes without a secret where a rule lets its workload, and nowhere else', async () => {
    const rule = {
      subject: 'workload:release',
      actions: ['registry:pull', 'registry:push'],
      repositories: ['acme/**'],
    };
    const created = await server.admin.request('POST', '/v1/policy/rules', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ priority: 10, description: 'releases', effect: 'allow', ...rule }),
    });
    expect(created.status, created.text()).toBe(201);
    const client = server.client({ username: 'release', password: await job() });
    const config = blobOf('{}');
    await pushBlobs(client, 'acme/app', config);
    expect((await client.pushManifest('acme/app', 'v1', imageOf(config))).status).toBe(201);
    expectError(await client.request('POST', '/v2/other/app/blobs/uploads/'), 403, 'DENIED');
    const [pushed] = await server.audit('manifest_pushed');
    expect(pushed?.actor).toMatchObject({
      name: 'workload:release',
      id: created.json().rule?.subject ?? created.json().subject,
    });
  });

  test('logs in by the form of POST as well', async () => {
    const response = await server.client({}).request('POST', '/v2/token', {
      authorization: null,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'password', username: 'release', password: await job() }).toString(),
    });
    expect(response.status, response.text()).toBe(200);
    expect(response.json().expires_in).toBe(45 * 60);
  });

  test('is in the audit log with repository, ref and run', async () => {
    expect((await tokenWith('release', await job({ run_id: '77' }))).status).toBe(200);
    const [login] = await server.audit('login');
    expect(login).toMatchObject({
      actor: { name: 'workload:release', id: expect.any(String) },
      details: {
        workload: 'release',
        issuer: github.issuer,
        repository: 'acme/app',
        ref: 'refs/heads/main',
        run_id: '77',
      },
    });
  });

  test.each([
    ['another repository', () => job({}, 'acme/other'), 'condition repository'],
    ['a repository whose name only begins alike', () => job({}, 'acme/app-evil'), 'condition repository'],
    ['a fork', () => job({}, 'evil/app'), 'condition repository_owner_id'],
    ['another branch', () => job({ ref: 'refs/heads/main2' }), 'condition ref'],
    ['a token for another service', () => job({ aud: 'other.example.com' }), 'claim aud'],
    [
      'a token of another issuer',
      () => kubernetes.sign(githubClaims('acme/app', audience)),
      /claim iss|unknown key|signature|algorithm/,
    ],
  ])('of %s is rejected as with a wrong password, and the audit log says why', async (_, token, reason) => {
    const wrong = expectError(await tokenWith('admin', 'wrong'), 401, 'UNAUTHORIZED');
    expect(expectError(await tokenWith('release', await token()), 401, 'UNAUTHORIZED')).toEqual(wrong);
    const [failed] = await server.audit('login_failed');
    expect(failed).toMatchObject({ actor: { name: 'release' }, details: { workload: 'release' } });
    expect(failed?.details['reason']).toMatch(reason);
  });

  test('is explained by its name', async () => {
    const response = await server.admin.request('POST', '/v1/policy/explain', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ principal: { username: 'workload:cluster' }, action: 'registry:pull', repository: 'a/b' }),
    });
    expect(response.json()).toMatchObject({
      effect: 'deny',
      principal: { username: 'workload:cluster', account_type: 'system' },
    });
  });

  test('ends its token by a logout', async () => {
    const { token } = (await tokenWith('release', await job())).json();
    const as = { authorization: `Bearer ${token}` };
    expect((await server.client({}).request('GET', '/v2/', as)).status).toBe(200);
    expect((await server.client({}).request('POST', '/v1/auth/logout', as)).status).toBe(204);
    expect((await server.client({}).request('GET', '/v2/', as)).status).toBe(401);
  });
});

describe('a service account of Kubernetes', () => {
  test('logs in by its subject, at an issuer that only its keys are fetched for', async () => {
    const iss = 'https://kubernetes.default.svc.cluster.local';
    const pull = await kubernetes.sign({ ...kubernetesClaims('pullers', 'node', audience), iss });
    expect((await tokenWith('cluster', pull)).status).toBe(200);
    expect([...kubernetes.calls.keys()]).toEqual(['/keys']);
    const evil = await kubernetes.sign({ ...kubernetesClaims('pullers-evil', 'node', audience), iss });
    expectError(await tokenWith('cluster', evil), 401, 'UNAUTHORIZED');
  });
});

test('an issuer that is down makes its logins unavailable, and no others', async () => {
  await using down = await startFakeIssuer();
  const ca = join(directory, 'down.crt');
  await writeFile(ca, down.caPem);
  const section = toml.slice(0, toml.indexOf('[workload.cluster]')).replaceAll(github.issuer, down.issuer);
  await using other = await startTestServer({ toml: section.replace('github.crt', 'down.crt') });
  const token = await down.sign(githubClaims('acme/app', audience));
  await down.stop();
  const basic = `Basic ${Buffer.from(`release:${token}`).toString('base64')}`;
  const response = await other.client({}).request('GET', '/v2/token', { authorization: basic });
  expectError(response, 503, 'UNAVAILABLE');
  expect(response.text()).not.toContain(down.issuer);
  expect((await other.admin.request('GET', '/v2/')).status).toBe(200);
  expect(JSON.stringify(logOf(other))).toContain(down.issuer);
});

test('mcrsrv check fetches the keys, and warns of those that it cannot have', async () => {
  await using files = await tempDirectory();
  expect((await mcrsrv(['init', '--dir', files.path])).code).toBe(0);
  const config = join(files.path, 'mcr.toml');
  vi.stubEnv('MCR_SERVER_LISTEN_ADDR', '127.0.0.1:0');
  vi.stubEnv('MCR_SERVER_GRPC_ADDR', '127.0.0.1:0');
  const text = await readFile(config, 'utf8');
  await writeFile(config, `${text}${toml}`);
  const keysOf = (verdict: string) =>
    (JSON.parse(verdict) as { warnings: { key: string }[] }).warnings.map(({ key }) => key);
  expect(keysOf((await mcrsrv(['check', '--config', config, '--json'])).stdout)).not.toContain(
    'workload.release.issuer',
  );
  await writeFile(config, `${text}${toml.replace(github.issuer, `${github.issuer}/nowhere`)}`);
  const { code, stdout } = await mcrsrv(['check', '--config', config, '--json']);
  expect(code, stdout).toBe(0);
  expect(keysOf(stdout)).toContain('workload.release.issuer');
  expect(stdout).toContain('responded with 404');
  const provider = `[oidc.corp]
issuer = "${github.issuer}"
client_id = "mcr"
redirect_url = "https://ui.example.com/login/callback"
ca_cert = "${join(directory, 'github.crt')}"
`;
  await writeFile(config, `${text}${provider}`);
  expect(keysOf((await mcrsrv(['check', '--config', config, '--json'])).stdout)).toEqual([]);
  await writeFile(config, `${text}${provider.replace(github.issuer, `${github.issuer}/nowhere`)}`);
  expect(keysOf((await mcrsrv(['check', '--config', config, '--json'])).stdout)).toContain('oidc.corp.issuer');
});
