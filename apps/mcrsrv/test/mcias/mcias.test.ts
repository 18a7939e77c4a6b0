import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import {
  buildImage,
  type FakeMcias,
  type MciasResponse,
  type OciResponse,
  pushImage,
  runOk,
  startFakeMcias,
  type TempDirectory,
  tempDirectory,
} from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { challengeOf } from '../_util/challenge.ts';
import { expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const clock = new ManualClock();
const cacheMs = 30_000;
const tokenLifetimeMs = 3_600_000;
const password = 'canary-password';
let directory: TempDirectory;
let mcias: FakeMcias;
let server: TestServer;

beforeAll(async () => {
  directory = await tempDirectory();
  mcias = await startFakeMcias({ now: () => clock.now(), tokenLifetimeMs });
  const caCert = join(directory.path, 'mcias-ca.crt');
  await writeFile(caCert, mcias.caPem);
  const env = {
    MCR_AUTH_PROVIDER: 'mcias',
    MCR_MCIAS_SERVER_URL: mcias.url,
    MCR_MCIAS_CA_CERT: caCert,
    MCR_MCIAS_SERVICE_NAME: 'registry.test',
    MCR_MCIAS_TAGS: 'a,b',
  };
  server = await startTestServer({ overrides: { clock }, env });
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await mcias?.[Symbol.asyncDispose]();
  await directory?.[Symbol.asyncDispose]();
});

beforeEach(() => {
  mcias.addAccount({ username: 'alice', password });
});

afterEach(() => {
  mcias.setFault(undefined);
  for (const endpoint of ['login', 'validate', 'logout'] as const) mcias.setResponse(endpoint, undefined);
});

const anonymous = (method: string, path: string, authorization: string | null, body?: string): Promise<OciResponse> =>
  server.admin.request(method, path, {
    authorization,
    ...(body !== undefined && { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  });
const login = (username: string, secret = password) =>
  anonymous(
    'GET',
    '/v2/token?service=registry.test',
    `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`,
  );
const show = (token: string, path = '/v2/') => anonymous('GET', path, `Bearer ${token}`);

async function tokenOf(username: string): Promise<string> {
  const response = await login(username);
  expect(response.status, response.text()).toBe(200);
  return response.json().token;
}

test("the system's authorities vouch for MCIAS where mcias.ca_cert names none", async () => {
  const identity = new URL('../../src/identity.ts', import.meta.url).href;
  const program = `
    const { generateKeyPairSync } = await import('node:crypto');
    const { createIdentity } = await import(${JSON.stringify(identity)});
    const mcias = { serverUrl: ${JSON.stringify(mcias.url)}, serviceName: 'registry.test', tags: [] };
    const config = { auth: { provider: 'mcias', tokenTtl: 3_600_000 }, tokens: { ownerMaxAge: 0 }, mcias, oidc: [], workloads: [] };
    const { privateKey: signingKey } = generateKeyPairSync('ed25519');
    const provider = await createIdentity({ config, store: {}, clock: Date, signingKey });
    const { token } = await provider.login('alice', ${JSON.stringify(password)});
    console.log(token.length > 0);
    process.exit();`;
  const env = { SSL_CERT_FILE: join(directory.path, 'mcias-ca.crt') };
  expect(await runOk(process.execPath, ['--input-type=module', '--eval', program], { env })).toBe('true\n');
});

describe('a login', () => {
  test('by GET and by POST gives the token of MCIAS, promised for less than its life', async () => {
    const form = new URLSearchParams({ grant_type: 'password', username: 'alice', password }).toString();
    for (const response of [await login('alice'), await anonymous('POST', '/v2/token', null, form)]) {
      expect(response.status, response.text()).toBe(200);
      const { token, access_token: same, expires_in: expiresIn, issued_at: issuedAt } = response.json();
      expect(token).toMatch(/^mcias\./);
      expect(same).toBe(token);
      expect(expiresIn * 1_000).toBeLessThan(tokenLifetimeMs);
      expect(expiresIn).toBeGreaterThanOrEqual(900);
      expect(Date.parse(issuedAt)).toBe(clock.now());
      expect((await show(token)).status).toBe(200);
    }
    expect(mcias.lastBody.login).toEqual({
      username: 'alice',
      password,
      service_name: 'registry.test',
      tags: ['a', 'b'],
    });
  });

  test('names the registry in the challenge as MCIAS knows it', async () => {
    expect(challengeOf(await anonymous('GET', '/v2/', null))).toHaveProperty('service', 'registry.test');
  });

  test.each([
    ['a wrong password', 'alice', 'wrong'],
    ['an unknown account', 'anonymous', password],
  ])('with %s is 401, audited, and asks MCIAS each time', async (_, username, secret) => {
    const { login: before } = mcias.calls;
    for (const _attempt of [1, 2]) expectError(await login(username, secret), 401, 'UNAUTHORIZED');
    expect(mcias.calls.login).toBe(before + 2);
    expect((await server.audit('login_failed'))[0]).toMatchObject({ actor: { name: username, ip: '127.0.0.1' } });
  });

  test('and then a whole push and pull', async () => {
    const client = server.client({ username: 'alice', password });
    const image = await buildImage({ layers: [{ size: 1_000 }] });
    expect((await pushImage(client, 'team/app', 'v1', image)).status).toBe(201);
    expect((await client.getManifest('team/app', 'v1')).body.equals(image.manifest.bytes)).toBe(true);
  });
});

describe('a token', () => {
  test('is validated once for many requests, and again after 30 s', async () => {
    const token = await tokenOf('alice');
    const { validate: before } = mcias.calls;
    await Promise.all(Array.from({ length: 10 }, () => show(token)));
    for (const _ of [1, 2, 3]) expect((await show(token)).status).toBe(200);
    expect(mcias.calls.validate).toBe(before + 1);

    clock.advance(cacheMs - 1);
    expect((await show(token)).status).toBe(200);
    expect(mcias.calls.validate).toBe(before + 1);
    clock.advance(1);
    expect((await show(token)).status).toBe(200);
    expect(mcias.calls.validate).toBe(before + 2);
  });

  test('that is revoked at MCIAS is rejected within 30 s', async () => {
    const token = await tokenOf('alice');
    expect((await show(token)).status).toBe(200);
    mcias.revoke(token);
    expect((await show(token)).status).toBe(200);
    clock.advance(cacheMs);
    const response = await show(token);
    expectError(response, 401, 'UNAUTHORIZED');
    expect(challengeOf(response)).toHaveProperty('error', 'invalid_token');
  });

  test('that is revoked before it was ever seen here is rejected at once', async () => {
    const token = await tokenOf('alice');
    mcias.revoke(token);
    expectError(await show(token), 401, 'UNAUTHORIZED');
  });

  test('that is revoked here is rejected at once, here and there', async () => {
    const token = await tokenOf('alice');
    expect((await show(token)).status).toBe(200);
    const { logout: before } = mcias.calls;
    expect((await anonymous('POST', '/v1/auth/logout', `Bearer ${token}`)).status).toBe(204);
    expectError(await show(token), 401, 'UNAUTHORIZED');
    expect(mcias.calls.logout).toBe(before + 1);
  });

  test('that MCIAS never issued is rejected, and asked about each time', async () => {
    const { validate: before } = mcias.calls;
    for (const _ of [1, 2]) expectError(await show('mcias.made-up'), 401, 'UNAUTHORIZED');
    expect(mcias.calls.validate).toBe(before + 2);
  });

  test('ends when it ends, not when the cache does', async () => {
    const token = await tokenOf('alice');
    clock.advance(tokenLifetimeMs - 1_000);
    expect((await show(token)).status).toBe(200);
    clock.advance(1_000);
    expectError(await show(token), 401, 'UNAUTHORIZED');
  });
});

describe('rights go by what MCIAS says', () => {
  test('of the kind of account: a system account has none, nor has one of an unknown kind', async () => {
    for (const accountType of ['system', 'robot', '']) {
      mcias.addAccount({ username: 'ci', password, accountType });
      const token = await tokenOf('ci');
      expect((await show(token)).status).toBe(200);
      expectError(await show(token, '/v2/team/app/tags/list'), 403, 'DENIED');
    }
  });

  test('of roles, which change within 30 s', async () => {
    mcias.addAccount({ username: 'boss', id: 'boss-id', password, roles: ['admin'] });
    const token = await tokenOf('boss');
    expect((await show(token, '/v1/statistics')).status).toBe(200);
    mcias.addAccount({ username: 'boss', id: 'boss-id', password, roles: [] });
    clock.advance(cacheMs);
    expect((await show(token, '/v1/statistics')).status).toBe(403);
  });

  test('of the subject, by which rules name it', async () => {
    mcias.addAccount({ username: 'deployer', id: 'the-subject', password, accountType: 'system' });
    await server.addRule({ subject: 'the-subject', actions: ['registry:pull'], repositories: ['team/*'] });
    expect((await show(await tokenOf('deployer'), '/v2/team/app/tags/list')).status).toBe(200);
  });
});

describe('while MCIAS is down', () => {
  test.each(['error', 'malformed'] as const)(
    'because of %s: 503 with a clear message, cached tokens go on for their 30 s, and all is well again after it',
    async (fault) => {
      const [cached, fresh] = [await tokenOf('alice'), await tokenOf('alice')];
      expect((await show(cached)).status).toBe(200);
      mcias.setFault(fault);
      for (const response of [await login('alice'), await show(fresh), await show(fresh, '/v2/team/app/tags/list')]) {
        const { message } = expectError(response, 503, 'UNAVAILABLE');
        expect(message).toMatch(/identity service.*try again/i);
        expect(response.text()).not.toContain(mcias.url);
        expect(response.header('retry-after')).toMatch(/^[123]$/);
      }
      expect((await show(cached)).status).toBe(200);
      clock.advance(cacheMs - 1);
      expect((await show(cached, '/v2/team/app/tags/list')).status).toBe(200);
      clock.advance(1);
      expectError(await show(cached), 503, 'UNAVAILABLE');
      expect(failuresOf(server).at(-1)).toMatchObject({ status: 503, err: expect.objectContaining({}) });

      mcias.setFault(undefined);
      for (const token of [cached, fresh]) expect((await show(token)).status).toBe(200);
      expect((await login('alice')).status).toBe(200);
    },
  );

  test('because it is slow: those who need it wait, those who do not go on', async () => {
    const [cached, fresh] = [await tokenOf('alice'), await tokenOf('alice')];
    expect((await show(cached)).status).toBe(200);
    mcias.setFault('slow');
    const waiting = show(fresh);
    expect((await show(cached)).status).toBe(200);
    mcias.setFault(undefined);
    expect((await waiting).status).toBe(200);
  });

  test('an upload that has begun is finished with a cached token', async () => {
    const client = server.client({ token: await tokenOf('alice') });
    const upload = await client.startUpload('team/app');
    mcias.setFault('error');
    const done = await client.finishUpload(upload.header('location')!, digestOf('went on'), 'went on');
    expect(done.status, done.text()).toBe(201);
  });

  test('a failed login is no attempt on the account, and not audited as one', async () => {
    const before = (await server.audit('login_failed')).length;
    mcias.setFault('error');
    expectError(await login('alice', 'wrong'), 503, 'UNAVAILABLE');
    expect(await server.audit('login_failed')).toHaveLength(before);
  });
});

describe('no odd response of MCIAS ever lets a client in', () => {
  const subject = {
    sub: 'x',
    username: 'x',
    account_type: 'human',
    roles: ['admin'],
    expires_at: '2040-01-01T00:00:00Z',
  };
  test.each<[string, MciasResponse, number]>([
    ['valid as text', { status: 200, body: { valid: 'true', ...subject } }, 503],
    ['valid as a number', { status: 200, body: { valid: 1, ...subject } }, 503],
    ['no word on valid', { status: 200, body: subject }, 503],
    ['no subject', { status: 200, body: { valid: true, ...subject, sub: undefined } }, 503],
    ['an empty subject', { status: 200, body: { valid: true, ...subject, sub: '' } }, 503],
    ['no end', { status: 200, body: { valid: true, ...subject, expires_at: undefined } }, 503],
    ['an end in the past', { status: 200, body: { valid: true, ...subject, expires_at: '2001-01-01T00:00:00Z' } }, 401],
    ['roles as text', { status: 200, body: { valid: true, ...subject, roles: 'admin' } }, 503],
    ['nothing', { status: 200, body: '' }, 503],
    ['a redirect', { status: 302, body: '', headers: { Location: 'https://evil.example/' } }, 503],
    ['204', { status: 204 }, 503],
    ['401', { status: 401, body: {} }, 401],
    ['403', { status: 403, body: {} }, 401],
    ['404', { status: 404, body: {} }, 503],
    ['429', { status: 429, body: {} }, 429],
    ['503', { status: 503, body: { valid: true, ...subject } }, 503],
    ['a megabyte', { status: 200, body: JSON.stringify({ valid: true, ...subject, x: 'x'.repeat(1_000_000) }) }, 503],
  ])('%s', async (_, response, status) => {
    const token = await tokenOf('alice');
    mcias.setResponse('validate', response);
    expect((await show(token)).status).toBe(status);
  });
});

test('neither passwords nor tokens are logged or audited', async () => {
  const token = await tokenOf('alice');
  await show(token);
  await login('alice', 'canary-mistyped');
  mcias.setFault('error');
  await login('alice');
  await show('mcias.canary-token');
  const written = server.logLines.join('') + JSON.stringify(await server.audit());
  for (const secret of [password, token, 'canary-mistyped', 'mcias.canary-token'])
    expect(written).not.toContain(secret);
});

test('when it is gone altogether, the response is the same', async () => {
  const token = await tokenOf('alice');
  await mcias.close();
  expectError(await show(token), 503, 'UNAVAILABLE');
  expectError(await login('alice'), 503, 'UNAVAILABLE');
});
