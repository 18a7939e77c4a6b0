import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { blobOf, type OciClient, type OciResponse } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { TrustedProxies } from '../../src/http/client-address.ts';
import { PublicOrigin } from '../../src/http/public-origin.ts';
import { expectError } from '../_util/errors.ts';
import { eddsa, jwt } from '../_util/jwt.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { testPassword } from '../_util/server.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { MCR_STORAGE_TAG_DELETE: 'true' } });

interface Route {
  readonly method: string;
  readonly path: string;
}

/** Everything that answers without a token (design: no other route may). */
const publicRoutes = ['GET /v1/health', 'GET /v1/ready', 'POST /v1/auth/login', 'GET /v2/token', 'POST /v2/token'];

/** Every route that is registered, as the router itself lists them, each once. */
function registeredRoutes(): Route[] {
  const { services } = server().context;
  const origin = new PublicOrigin(undefined, new TrustedProxies([]));
  const { routes } = createApp(services, { origin, service: 'mcr', log: services.log });
  const all = routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, path }));
  return [...new Map(all.map((route) => [`${route.method} ${route.path}`, route])).values()];
}

const parameters: Readonly<Record<string, string>> = {
  digest: digestOf('blob'),
  reference: 'v1',
  upload: '00000000-0000-4000-8000-000000000000',
  tag: 'v1',
  id: '1',
};

/** A path of the route, with a query that makes it well-formed. Fails for a parameter that nobody has thought of. */
function pathOf({ path }: Route, name: string): string {
  const filled = path
    .replace(':name{.+}', name)
    .replace(':name', encodeURIComponent(name))
    .replaceAll(/:(\w+)/g, (_, parameter: string) => parameters[parameter] ?? `unknown-parameter-${parameter}`);
  expect(filled).not.toMatch(/unknown-parameter|[{}:]\w*[{}]/);
  return path.endsWith('uploads/:upload') ? `${filled}?digest=${digestOf('blob')}` : filled;
}

function isPublic({ method, path }: Route): boolean {
  return publicRoutes.includes(`${method} ${path}`);
}

describe('the routes', () => {
  test('are many, of all APIs, and the public ones are among them', () => {
    const routes = registeredRoutes();
    expect(routes.length).toBeGreaterThan(50);
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    for (const route of publicRoutes) expect(names).toContain(route);
  });

  test('that are public answer without a token', async () => {
    const { admin } = server();
    const ask = (method: string, path: string) => admin.request(method, path, { authorization: null });
    expect((await ask('GET', '/v1/health')).status).toBe(200);
    expect((await ask('GET', '/v1/ready')).status).toBe(200);
    expect((await ask('POST', '/v1/auth/login')).status).toBe(400);
    expect((await ask('POST', '/v2/token')).status).toBe(400);
    expect((await ask('GET', '/v2/token')).json().errors[0].detail).toEqual({ error: 'credentials_missing' });
  });
});

/** Credentials that are none, or none any more: each gives the Authorization header. */
const credentials: Record<string, () => Promise<string | null>> = {
  'no token': async () => null,
  garbage: async () => 'Bearer garbage',
  'Basic credentials': async () => `Basic ${Buffer.from(`admin:${testPassword}`).toString('base64')}`,
  'an expired token': async () => {
    const key = createPrivateKey(await readFile(join(server().directory, 'signing-key.pem')));
    const admin = await server().context.services.store.findAccountByName('admin');
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: 'mcr', aud: 'mcr', sub: admin!.id, jti: randomUUID(), iat: now - 9_000, exp: now - 1 };
    return `Bearer ${jwt({ alg: 'EdDSA', typ: 'JWT' }, claims, eddsa(key))}`;
  },
  'a revoked token': async () => {
    const client = server().client();
    const { token } = await client.token();
    expect((await client.request('GET', '/v2/')).status).toBe(200);
    await server().context.services.identity.revoke(token);
    return `Bearer ${token}`;
  },
  'the token of a disabled account': async () => {
    const id = await server().addAccount('disabled', { roles: ['admin'] });
    const client = server().client('disabled');
    const { token } = await client.token();
    expect((await client.request('GET', '/v2/')).status).toBe(200);
    await server().context.services.store.updateAccount({ id, patch: { enabled: false }, actor: {}, now: Date.now() });
    return `Bearer ${token}`;
  },
  'the token of a deleted account': async () => {
    const id = await server().addAccount('deleted', { roles: ['admin'] });
    const { token } = await server().client('deleted').token();
    await server().context.services.store.deleteAccount({ id, actor: {}, now: Date.now() });
    return `Bearer ${token}`;
  },
};

describe('every route that is not public', () => {
  test.each(Object.entries(credentials))('is 401 for %s, whatever the method', async (_, credential) => {
    const authorization = await credential();
    await leavingNothing(server(), async () => {
      for (const route of registeredRoutes().filter((it) => !isPublic(it))) {
        const path = pathOf(route, 'team/app');
        const methods = route.method === 'GET' ? ['GET', 'HEAD'] : [route.method];
        for (const method of methods) {
          const answer = await server().admin.request(method, path, { authorization });
          expect(answer.status, `${method} ${path} ${answer.text()}`).toBe(401);
          expect(answer.header('www-authenticate')).toMatch(/^Bearer /);
        }
      }
    });
  });

  test('and every path that is no route, are 401 without a token', async () => {
    for (const path of [
      '/',
      '/v1',
      '/v1/',
      '/v2/x',
      '/V2/',
      '/v2/_catalog/',
      '/v2/;x',
      '/v3',
      '/admin',
      '/metrics',
      '/v1/Health',
    ]) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await server().admin.request(method, path, { authorization: null });
        expect(answer.status, `${method} ${path}`).toBe(401);
      }
    }
  });
});

describe('a system account without rules', () => {
  let robot: OciClient;

  beforeAll(async () => {
    const config = blobOf('blob');
    for (const name of ['secret/app', 'secret/one']) {
      await pushBlobs(server().admin, name, config);
      await server().admin.pushManifest(name, 'v1', imageOf(config));
    }
    await server().addAccount('robot', { type: 'system' });
    robot = server().client('robot');
  });

  /** What of an answer a client can see, with the repository's name taken out. */
  function visible({ status, headers, body }: OciResponse, name: string) {
    const { date: _, 'x-request-id': __, ...others } = headers;
    return { status, headers: others, body: body.toString().replaceAll(name, 'NAME') };
  }

  test('is 403 on every repository route, and cannot tell a repository that exists from one that does not', async () => {
    const routes = registeredRoutes().filter(({ path }) => path.includes(':name'));
    expect(routes.length).toBeGreaterThan(15);
    await leavingNothing(server(), async () => {
      for (const route of routes) {
        const existing = await robot.request(route.method, pathOf(route, 'secret/app'));
        const unknown = await robot.request(route.method, pathOf(route, 'secret/xyz'));
        expect(existing.status, `${route.method} ${route.path}`).toBe(403);
        expect(visible(existing, 'secret/app')).toEqual(visible(unknown, 'secret/xyz'));
        if (route.method !== 'GET') continue;
        expect((await robot.request('HEAD', pathOf(route, 'secret/app'))).status).toBe(403);
      }
    });
  });

  test('is 403 on every route of the admin plane', async () => {
    const routes = registeredRoutes().filter(({ path }) =>
      /^\/v1\/(policy\/rules|audit|gc|snapshots|accounts|statistics)/.test(path),
    );
    expect(routes.length).toBeGreaterThan(10);
    for (const route of routes) {
      const answer = await robot.request(route.method, pathOf(route, 'x'), {
        headers: { 'content-type': 'application/json' },
        body: route.method === 'GET' ? '' : '{}',
      });
      expect(answer.status, `${route.method} ${route.path} ${answer.text()}`).toBe(403);
    }
  });

  test('and no account at all can tell a blob that only another repository has from one that nobody has', async () => {
    await server().addAccount('human');
    const human = server().client('human');
    await pushBlobs(server().admin, 'mine/app', blobOf('mine'));
    await pushBlobs(server().admin, 'other/app', blobOf('theirs'));
    const digests = [digestOf('theirs'), digestOf('nobody’s')] as const;
    const ask = (digest: string): Promise<OciResponse[]> =>
      Promise.all([
        human.getBlob('mine/app', digest),
        human.getBlob('mine/app', digest, { headers: { range: 'bytes=0-1' } }),
        human.headBlob('mine/app', digest),
        human.deleteBlob('mine/app', digest),
        human.mountBlob('mine/app', digest, 'unknown/app'),
        human.mountBlob('mine/app', digest),
      ]);
    const [theirs, nobodys] = [await ask(digests[0]), await ask(digests[1])];
    for (const [at, answer] of theirs.entries()) {
      const session = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
      const plain = (it: OciResponse, digest: string) =>
        JSON.parse(JSON.stringify(visible(it, digest)).replaceAll(session, 'SESSION')) as object;
      expect(plain(answer, digests[0])).toEqual(plain(nobodys[at]!, digests[1]));
      expect(answer.status).toBe(at < 4 ? 404 : 202);
    }
    expectError(theirs[0]!, 404, 'BLOB_UNKNOWN');
  });
});

describe('a token that was good', () => {
  test('is refused on the very next request of the same connection once it is revoked', async () => {
    const client = server().client();
    const { token } = await client.token();
    expect((await client.request('GET', '/v2/')).status).toBe(200);
    const logout = await client.request('POST', '/v1/auth/logout', { authorization: `Bearer ${token}` });
    expect(logout.status).toBe(204);
    expect((await client.request('GET', '/v2/')).status).toBe(401);
  });

  test('loses a role, and gains one, with the next request', async () => {
    const id = await server().addAccount('promoted');
    const client = server().client('promoted');
    const roles = (list: string[]) =>
      server().context.services.store.updateAccount({ id, patch: { roles: list }, actor: {}, now: Date.now() });
    expect((await client.request('GET', '/v1/statistics')).status).toBe(403);
    await roles(['admin']);
    expect((await client.request('GET', '/v1/statistics')).status).toBe(200);
    await roles([]);
    expect((await client.request('GET', '/v1/statistics')).status).toBe(403);
  });
});
