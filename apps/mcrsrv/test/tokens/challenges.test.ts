import { digestOf } from '@mcr/core';
import { RawConnection, rawGet } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { challengeOf } from '../_util/challenge.ts';
import { expectError } from '../_util/errors.ts';
import { startTestServer, type TestServer, testPassword } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { MCR_SERVER_TRUSTED_PROXIES: '127.0.0.1' } });
const digest = digestOf('x');

/** A request without a token, or with this one. */
function ask(method: string, path: string, headers: Record<string, string> = {}, token?: string) {
  return server().admin.request(method, path, { headers, authorization: token ? `Bearer ${token}` : null });
}

// https://distribution.github.io/distribution/spec/auth/token/#how-to-authenticate
describe('the realm is an absolute URL with the origin that the client used', () => {
  test('by the Host header', async () => {
    expect(challengeOf(await ask('GET', '/v2/'))['realm']).toBe(`${server().baseUrl}/v2/token`);
    const { realm } = challengeOf(await rawGet(server(), '/v2/', { host: 'registry.example.net' }));
    expect(realm).toBe('https://registry.example.net/v2/token');
  });

  test('by the headers of a trusted proxy', async () => {
    const headers = { host: 'inner:8443', 'x-forwarded-host': 'outer.example.net', 'x-forwarded-proto': 'https' };
    expect(challengeOf(await rawGet(server(), '/v2/', headers))['realm']).toBe('https://outer.example.net/v2/token');
  });

  test.each(['evil.example.net/x?', 'a b', 'x"y', 'user@host', ''])(
    'never by a forwarded host of %j, which is none',
    async (forwarded) => {
      const { realm } = challengeOf(await rawGet(server(), '/v2/', { host: 'inner', 'x-forwarded-host': forwarded }));
      expect(realm).toBe('https://inner/v2/token');
    },
  );

  describe('when public_url is set', () => {
    let fixed: TestServer;
    beforeAll(async () => {
      fixed = await startTestServer({ env: { MCR_SERVER_PUBLIC_URL: 'https://registry.example.net:8443' } });
    });
    afterAll(() => fixed[Symbol.asyncDispose]());

    test('CVE-2026-33540: by that alone, whatever the headers say', async () => {
      const headers = { host: 'evil.example.net', 'x-forwarded-host': 'evil.example.net', 'x-forwarded-proto': 'http' };
      const { realm } = challengeOf(await rawGet(fixed, '/v2/', headers));
      expect(realm).toBe('https://registry.example.net:8443/v2/token');
    });

    test('and forwarded headers of a peer that is no proxy count for nothing', async () => {
      const headers = { 'x-forwarded-for': '203.0.113.9' };
      await fixed.admin.request('GET', '/v2/token', { headers, authorization: basic('admin', 'wrong password') });
      expect((await fixed.audit('login_failed'))[0]?.actor.ip).toBe('127.0.0.1');
    });
  });

  test('is where the token endpoint is', async () => {
    const { realm } = challengeOf(await ask('GET', '/v2/'));
    const { pathname, origin } = new URL(realm!);
    expect(origin).toBe(server().baseUrl);
    expect((await ask('GET', pathname)).status).toBe(401);
  });
});

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support
describe('GET /v2/ is 401 with a challenge unless the token is valid, then 200', () => {
  test.each(['/v2/', '/v2'])('%s', async (path) => {
    expectError(await ask('GET', path), 401, 'UNAUTHORIZED');
    expect(challengeOf(await ask('GET', path))).not.toHaveProperty('scope');
    expect(challengeOf(await ask('GET', path, {}, 'no.such.token'))).toHaveProperty('error', 'invalid_token');
    const { token } = await server().admin.token();
    const response = await ask('GET', path, {}, token);
    expect(response.status).toBe(200);
    expect(response.json()).toEqual({});
    expect(await ask('HEAD', path, {}, token)).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  });

  test('a token that was asked for without a scope is enough', async () => {
    const response = await server().admin.request('GET', '/v2/token?account=admin&service=mcr', {
      authorization: basic('admin', 'correct horse battery staple'),
    });
    expect((await ask('GET', '/v2/', {}, response.json().token)).status).toBe(200);
  });
});

// https://www.rfc-editor.org/rfc/rfc6750#section-3
describe('every 401 carries exactly one challenge: Bearer, quoted, comma-separated', () => {
  test.each([
    ['GET', '/v2/'],
    ['GET', '/v2/_catalog'],
    ['GET', `/v2/a/blobs/${digest}`],
    ['HEAD', `/v2/a/blobs/${digest}`],
    ['POST', '/v2/a/blobs/uploads/'],
    ['PATCH', '/v2/a/blobs/uploads/x'],
    ['PUT', '/v2/a/blobs/uploads/x'],
    ['DELETE', '/v2/a/blobs/uploads/x'],
    ['PUT', '/v2/a/manifests/v1'],
    ['DELETE', '/v2/a/manifests/v1'],
    ['GET', '/v2/a/tags/list'],
    ['GET', `/v2/a/referrers/${digest}`],
    ['GET', '/v2/no/such/route'],
    ['GET', '/v2/NOT-A-NAME/tags/list'],
    ['GET', '/v2/token'],
  ])('%s %s', async (method, path) => {
    for (const token of [undefined, 'bad']) {
      const { realm, service, scope, error, ...others } = challengeOf(await ask(method, path, {}, token));
      expect(realm).toMatch(/^https:\/\/[^?"]+\/v2\/token$/);
      expect(service).toMatch(/^[A-Za-z0-9._-]+$/);
      expect(scope).not.toBe('');
      expect(others).toEqual({});
      if (path !== '/v2/token') expect(error).toBe(token && 'invalid_token');
    }
  });
});

describe('every response below /v2 names the version of the API, without which docker 20.10 hides what a 401 says', () => {
  test.each([
    [401, 'GET', '/v2/', null],
    [401, 'GET', '/v2/', 'Bearer bad'],
    [401, 'GET', '/v2/token', basic('admin', 'wrong password')],
    [200, 'GET', '/v2/token', basic('admin', testPassword)],
    [400, 'POST', '/v2/token', null],
    [200, 'GET', '/v2', 'admin'],
    [200, 'GET', '/v2/_catalog?n=1', 'admin'],
    [404, 'GET', '/v2/no/such/route', 'admin'],
    [400, 'GET', '/v2/NOT-A-NAME/tags/list', 'admin'],
    [404, 'GET', '/v2/a/manifests/v1', 'admin'],
    [404, 'HEAD', `/v2/a/blobs/${digest}`, 'admin'],
    [202, 'POST', '/v2/a/blobs/uploads/', 'admin'],
    [400, 'PUT', '/v2/a/manifests/v1', 'admin'],
    [400, 'GET', '/v2//', 'admin'],
    [405, 'OPTIONS', '/v2/', 'admin'],
  ])('%i of %s %s', async (status, method, path, authorization) => {
    const own = authorization === 'admin' ? `Bearer ${(await server().admin.token()).token}` : authorization;
    const response = await server().admin.request(method, path, { authorization: own });
    expect(response.status, response.text()).toBe(status);
    expect(response.header('docker-distribution-api-version')).toBe('registry/2.0');
  });

  test('and so does what is no HTTP, since it may have been meant for it', async () => {
    await using connection = await RawConnection.open(server());
    await connection.send('GET /v2/ HTTP/1.1\r\nbad header\r\n\r\n');
    const { status, headers } = await connection.read();
    expect(status).toBe(400);
    expect(headers['docker-distribution-api-version']).toBe('registry/2.0');
  });

  test('while the admin API does not', async () => {
    expect((await ask('GET', '/v1/health')).header('docker-distribution-api-version')).toBeUndefined();
  });
});

// https://distribution.github.io/distribution/spec/auth/scope/
describe('on repository endpoints the challenge names the scope that this very request needs', () => {
  test.each([
    ['GET', 'manifests/v1', 'pull'],
    ['HEAD', 'manifests/v1', 'pull'],
    ['PUT', 'manifests/v1', 'pull,push'],
    ['DELETE', 'manifests/v1', 'delete'],
    ['GET', `blobs/${digest}`, 'pull'],
    ['HEAD', `blobs/${digest}`, 'pull'],
    ['DELETE', `blobs/${digest}`, 'delete'],
    ['POST', 'blobs/uploads/', 'pull,push'],
    ['POST', 'blobs/uploads', 'pull,push'],
    ['PATCH', 'blobs/uploads/x', 'pull,push'],
    ['PUT', 'blobs/uploads/x', 'pull,push'],
    ['GET', 'blobs/uploads/x', 'pull,push'],
    ['DELETE', 'blobs/uploads/x', 'pull,push'],
    ['GET', 'tags/list', 'pull'],
    ['GET', `referrers/${digest}`, 'pull'],
  ])('%s %s: %s', async (method, rest, actions) => {
    for (const name of ['a', 'team/app', 'x/blobs', 'x/blobs/uploads/y', 'tags/list', 'x/manifests']) {
      const { scope } = challengeOf(await ask(method, `/v2/${name}/${rest}`));
      expect(scope).toBe(`repository:${name}:${actions}`);
    }
  });

  test('the catalog has a scope of its own', async () => {
    expect(challengeOf(await ask('GET', '/v2/_catalog'))['scope']).toBe('registry:catalog:*');
  });

  test('a name that is none gets no scope', async () => {
    expect(challengeOf(await ask('GET', '/v2/Not%20A%20Name/manifests/v1'))).not.toHaveProperty('scope');
  });
});

// https://www.rfc-editor.org/rfc/rfc6750#section-3.1
describe('a bad token is 401 invalid_token, a missing right is 403 DENIED with a detail', () => {
  test.each(['garbage', 'a.b.c', 'x'.repeat(8_100)])('a token that is none', async (token) => {
    const response = await ask('GET', '/v2/a/manifests/v1', {}, token);
    expectError(response, 401, 'UNAUTHORIZED');
    expect(challengeOf(response)).toMatchObject({ error: 'invalid_token', scope: 'repository:a:pull' });
  });

  test('a missing right, without a challenge and without insufficient_scope', async () => {
    await server().addAccount('robot', { type: 'system' });
    const client = server().client('robot');
    for (const response of [await client.getManifest('team/app', 'v1'), await client.startUpload('team/app')]) {
      const { detail } = expectError(response, 403, 'DENIED');
      const action = response.text().includes('registry:push') ? 'registry:push' : 'registry:pull';
      expect(detail).toEqual({ action, repository: 'team/app', request_id: response.header('x-request-id') });
      expect(response.header('www-authenticate')).toBeUndefined();
    }
  });
});
