import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, type DescMethodServerStreaming, type DescMethodUnary } from '@bufbuild/protobuf';
import { Code, type Transport } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.ts';
import { TrustedProxies } from '../src/http/client-address.ts';
import { PublicOrigin } from '../src/http/public-origin.ts';
import { type Doors, openDoors, tokenFor } from './_util/doors.ts';
import { refusal, rpcTransport, services } from './_util/rpc.ts';

/** Everything that answers without a token. */
const publicRoutes = ['GET /v1/health', 'GET /v1/ready', 'POST /v1/auth/login', 'GET /v2/token', 'POST /v2/token'];
const publicMethods = [
  'mcr.v1.AdminService/Health',
  'mcr.v1.AuthService/Login',
  'grpc.health.v1.Health/Check',
  'grpc.health.v1.Health/List',
  'grpc.health.v1.Health/Watch',
];
/** What every account may ask of the admin API; everything else there is for admins. */
const accountRoutes = [
  'POST /v1/auth/logout',
  'GET /v1/auth/whoami',
  'GET /v1/openapi.json',
  'GET /v1/repositories',
  'GET /v1/repositories/:name',
  'GET /v1/repositories/:name/tags',
  'GET /v1/repositories/:name/manifests',
  'POST /v1/policy/explain',
];
const accountMethods = [
  'mcr.v1.AuthService/Logout',
  'mcr.v1.AuthService/WhoAmI',
  'mcr.v1.AuthService/ListPermissions',
  'mcr.v1.RegistryService/ListRepositories',
  'mcr.v1.RegistryService/GetRepository',
  'mcr.v1.RegistryService/GetRepositoryUsage',
  'mcr.v1.RegistryService/ListTags',
  'mcr.v1.RegistryService/ListManifests',
  'mcr.v1.RegistryService/GetManifest',
  'mcr.v1.RegistryService/InspectManifest',
];

const cleanup = new AsyncDisposableStack();
let doors: Doors;
/** Authorization headers that must open nothing, by what is wrong with them. */
let worthless: Record<string, string | undefined>;
beforeAll(async () => {
  doors = cleanup.use(await openDoors());
  const { server } = doors;
  const revoked = await tokenFor(server, 'person');
  await server.client({ token: revoked }).request('POST', '/v1/auth/logout');
  const disabled = await server.addAccount('disabled');
  const deleted = await server.addAccount('deleted');
  const [ofDisabled, ofDeleted] = [await tokenFor(server, 'disabled'), await tokenFor(server, 'deleted')];
  const { store, clock } = server.context.services;
  const change = { actor: {}, now: clock.now() };
  await store.updateAccount({ ...change, id: disabled, patch: { enabled: false } });
  await store.deleteAccount({ ...change, id: deleted });
  const { token: valid } = await server.admin.token();
  worthless = {
    none: undefined,
    garbage: 'Bearer garbage',
    'an empty token': 'Bearer ',
    'another scheme': `Token ${valid}`,
    'a password': `Basic ${Buffer.from('admin:correct horse battery staple').toString('base64')}`,
    'a cut token': `Bearer ${valid.slice(0, -2)}`,
    'an unsigned token': `Bearer ${valid.split('.').slice(0, 2).join('.')}.`,
    'a revoked token': `Bearer ${revoked}`,
    'a token of a disabled account': `Bearer ${ofDisabled}`,
    'a token of a deleted account': `Bearer ${ofDeleted}`,
  };
});
afterAll(() => cleanup[Symbol.asyncDispose]());

interface Route {
  readonly method: string;
  readonly path: string;
  readonly title: string;
}

/** What Hono has registered, asked of the app itself; names with slashes stand there a second time. */
function registered(): Route[] {
  const { services, config } = doors.server.context;
  const origin = new PublicOrigin(undefined, new TrustedProxies([]));
  const app = createApp(services, { origin, service: config.mcias.serviceName, log: services.log });
  return app.routes.map(({ method, path }) => ({ method, path, title: `${method} ${path.replace('{.+}', '')}` }));
}

const examples: Readonly<Record<string, string>> = {
  name: 'team/app',
  tag: 'v1',
  digest: `sha256:${'0'.repeat(64)}`,
  reference: 'v1',
  upload: '00000000-0000-4000-8000-000000000000',
  id: '1',
};

function exampleOf({ path }: Route): string {
  return path.replaceAll(/:(\w+)(\{\.\+\})?/g, (_text, name: string, raw: string | undefined) => {
    const example = examples[name];
    if (example === undefined) throw new Error(`There is no example for ${name} in ${path}`);
    return raw === undefined && name === 'name' ? encodeURIComponent(example) : example;
  });
}

async function send({ method }: Route, path: string, authorization: string | undefined): Promise<number> {
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'DELETE';
  const answer = await doors.server.admin.request(method, path, {
    authorization: authorization ?? null,
    ...(hasBody && { headers: { 'content-type': 'application/json' }, body: '{}' }),
  });
  return answer.status;
}

describe('every route', () => {
  test('is known to this test, and public only if it is meant to be', () => {
    const titles = new Set(registered().map(({ title }) => title));
    expect(titles.size).toBeGreaterThan(45);
    for (const title of [...publicRoutes, ...accountRoutes]) expect(titles).toContain(title);
    for (const { path } of registered()) expect(path).toMatch(/^\/v[12](?:\/|$)/);
  });

  test('refuses whoever has no token, or a worthless one', async () => {
    for (const route of registered().filter(({ title }) => !publicRoutes.includes(title))) {
      for (const [name, authorization] of Object.entries(worthless)) {
        expect(await send(route, exampleOf(route), authorization), `${route.title} with ${name}`).toBe(401);
      }
      if (route.method !== 'GET') continue;
      expect(await send({ ...route, method: 'HEAD' }, exampleOf(route), undefined), `HEAD ${route.path}`).toBe(401);
    }
  });

  test('of the admin API refuses whoever is no admin, unless it is for every account', async () => {
    const open = [...publicRoutes, ...accountRoutes];
    for (const route of registered().filter(({ path }) => path.startsWith('/v1/'))) {
      if (open.includes(route.title)) continue;
      for (const who of ['person', 'machine'] as const) {
        const status = await send(route, exampleOf(route), `Bearer ${doors.token(who)}`);
        expect(status, `${route.title} as ${who}`).toBe(403);
      }
    }
  });

  test('that is for every account lets a person in', async () => {
    for (const route of registered().filter(({ title }) => accountRoutes.includes(title))) {
      const status = await send(route, exampleOf(route), `Bearer ${await tokenFor(doors.server, 'person')}`);
      expect([200, 204, 400, 404], `${route.title}: ${status}`).toContain(status);
    }
  });

  test('that does not exist tells a stranger nothing', async () => {
    for (const path of ['/', '/v1', '/v1/', '/v1/nothing', '/v2/x/nothing', '/v3/', '/admin', '/metrics']) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        expect(await send({ method, path, title: '' }, path, undefined), `${method} ${path}`).toBe(401);
        const known = await send({ method, path, title: '' }, path, `Bearer ${doors.token('person')}`);
        expect(known, `${method} ${path}`).toBe(404);
      }
    }
  });

  test('that is for admins has answered no stranger by what it changed', async () => {
    const { store } = doors.server.context.services;
    expect(await store.listPolicyRules()).toEqual([]);
    expect(await store.listGcRuns({ limit: 1 })).toEqual([]);
    expect(await store.listRepositories({ limit: 1 })).toEqual([]);
    const accounts = await store.listAccounts({ limit: 10 });
    expect(accounts.map(({ username }) => username)).toEqual(['admin', 'disabled', 'machine', 'person']);
  });
});

type Method = DescMethodUnary | DescMethodServerStreaming;

/** Every method of every service, from what the .proto files were compiled to. */
const methods = services.flatMap((service) => service.methods as Method[]);
const nameOf = ({ parent, name }: Method): string => `${parent.typeName}/${name}`;

async function call(transport: Transport, method: Method): Promise<void> {
  const input = create(method.input);
  if (method.methodKind === 'unary') {
    await transport.unary(method, undefined, undefined, undefined, input);
    return;
  }
  const messages = (async function* () {
    yield input;
  })();
  const { message } = await transport.stream(method, undefined, undefined, undefined, messages);
  for await (const _ of message) return;
}

/** The code that a call ends with; `undefined` when it succeeds. */
async function codeOf(method: Method, authorization: string | undefined): Promise<Code | undefined> {
  const transport = rpcTransport(doors.server, authorization);
  const ended = call(transport, method);
  return await ended.then(
    () => undefined,
    async () => (await refusal(ended)).code,
  );
}

describe('every RPC', () => {
  test('of the .proto files is known to this test', () => {
    const folder = fileURLToPath(new URL('../../../proto', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.proto'));
    const declared = files.flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const [, pkg] = /^package ([\w.]+);/m.exec(text) ?? [];
      return [...text.matchAll(/^service (\w+)/gm)].map(([, name]) => `${pkg}.${name}`);
    });
    expect(new Set<string>(services.map(({ typeName }) => typeName))).toEqual(new Set(declared));
    for (const name of [...publicMethods, ...accountMethods]) expect(methods.map(nameOf)).toContain(name);
  });

  test.each(methods.map((method) => ({ name: nameOf(method), method })))(
    '$name lets in whom it is for, and nobody else',
    async ({ name, method }) => {
      const isPublic = publicMethods.includes(name);
      for (const [what, authorization] of Object.entries(worthless)) {
        const code = await codeOf(method, authorization);
        // An empty login fails for what it is, and not for the header.
        const wanted = isPublic && method.name !== 'Login' ? undefined : Code.Unauthenticated;
        expect(code, what).toBe(wanted);
      }
      if (isPublic) return;
      const asPerson = await codeOf(method, `Bearer ${await tokenFor(doors.server, 'person')}`);
      const asAdmin = await codeOf(method, `Bearer ${await tokenFor(doors.server, 'admin')}`);
      if (accountMethods.includes(name)) expect(asPerson).toBe(asAdmin);
      else expect(asPerson).toBe(Code.PermissionDenied);
      expect([undefined, Code.InvalidArgument, Code.NotFound], String(asAdmin)).toContain(asAdmin);
    },
  );
});
