import { gzipSync } from 'node:zlib';
import {
  create,
  type DescField,
  type DescMessage,
  type DescMethodUnary,
  type Message,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { RawConnection } from '@mcr/testkit';
import * as fc from 'fast-check';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import { failuresOf, logOf } from '../_util/log.ts';
import { rejection, rpcClients, rpcTransport, rpcUrl, services } from '../_util/rpc.ts';

const api = useAdminApi();
let agent: Agent;
beforeAll(async () => {
  agent = new Agent({ connect: { ca: api().server.ca } });
  await seedImage(api().server, 'team/app', ['v1']);
});
afterAll(async () => {
  await agent.destroy();
  // Whatever these tests send is another caller's fault.
  expect(failuresOf(api().server)).toEqual([]);
});

/** Every unary method but Logout, after which the token would open nothing more. */
const unary = services
  .flatMap(({ methods }) => methods as readonly DescMethodUnary[])
  .filter(({ methodKind, name }) => methodKind === 'unary' && name !== 'Logout');
const pathOf = ({ parent, name }: DescMethodUnary): string => `/${parent.typeName}/${name}`;
const deleteRepository = '/mcr.v1.RegistryService/DeleteRepository';
const json = 'application/json';

/** Sends bytes over HTTP/1.1 as an admin, or with other headers. */
async function send(path: string, body: string | Uint8Array, headers: Record<string, string> = {}, method = 'POST') {
  const authorization = `Bearer ${api().token('admin')}`;
  const response = await request(`${rpcUrl(api().server)}${path}`, {
    method: method as 'POST',
    dispatcher: agent,
    headers: { authorization, 'content-type': json, ...headers },
    ...(method !== 'GET' && method !== 'HEAD' && { body }),
  });
  const text = await response.body.text();
  return { status: response.statusCode, body: text === '' ? undefined : JSON.parse(text) };
}

async function repositoryIsThere(): Promise<boolean> {
  const { repositories } = await api().rpc('admin').registry.listRepositories({});
  return repositories.some(({ name }) => name === 'team/app');
}

describe('CVE-2019-19025: a page of another site cannot make a browser delete anything', () => {
  const body = JSON.stringify({ name: 'team/app' });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '', 'text/json'])(
    'by the content type "%s"',
    async (type) => {
      expect((await send(deleteRepository, body, { 'content-type': type })).status).toBe(415);
      expect(await repositoryIsThere()).toBe(true);
    },
  );

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])('by %s', async (method) => {
    const query = `?message=${encodeURIComponent(body)}&encoding=json&connect=v1`;
    expect((await send(`${deleteRepository}${query}`, body, {}, method)).status).toBe(405);
    expect(await repositoryIsThere()).toBe(true);
  });

  test('by a cookie', async () => {
    const cookie = `token=${api().token('admin')}`;
    const response = await send(deleteRepository, body, { cookie, authorization: '' });
    expect(response).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await repositoryIsThere()).toBe(true);
  });
});

describe('JSON that is no message is rejected', () => {
  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a text', '"team/app"'],
    ['null', 'null'],
    ['a field of another type', '{"name":7}'],
    ['an unknown field', '{"name":"team/app","admin":true}'],
    ['a prototype', '{"__proto__":{"name":"team/app"}}'],
    ['depth 10,000', `${'{"name":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['bytes that are no text', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)],
  ])('with %s', async (_name, body) => {
    const response = await send(deleteRepository, body);
    expect(response).toMatchObject({ status: 400, body: { code: 'invalid_argument', message: expect.any(String) } });
    expect(await repositoryIsThere()).toBe(true);
  });

  test.each<[string, string]>([
    [
      '/mcr.v1.AdminService/CreateAccount',
      '{"username":"eve","accountType":"human","password":"long enough to be one","enabled":true}',
    ],
    ['/mcr.v1.AdminService/UpdateAccount', '{"id":"x","username":"root"}'],
    ['/mcr.v1.PolicyService/CreatePolicyRule', '{"priority":1,"effect":"allow","id":"-1"}'],
    ['/mcr.v1.PolicyService/UpdatePolicyRule', '{"id":"1","createdBy":"x"}'],
    ['/mcr.v1.AuthService/Login', '{"username":"person","password":"x","roles":["admin"]}'],
  ])('with a field that is not the caller to set: %s', async (path, body) => {
    expect(await send(path, body)).toMatchObject({ status: 400, body: { code: 'invalid_argument' } });
  });
});

describe('a message that is too large', () => {
  const large = JSON.stringify({ name: 'x'.repeat(1024 * 1024) });
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'x'));

  test.each<[string, string | Uint8Array, Record<string, string>]>([
    ['as it is', large, {}],
    ['compressed', gzipSync(large), { 'content-encoding': 'gzip' }],
    ['as a bomb of 64 MiB', bomb, { 'content-encoding': 'gzip' }],
  ])('is rejected %s', async (_name, body, headers) => {
    const response = await send(deleteRepository, body, headers);
    expect(response).toMatchObject({ status: 429, body: { code: 'resource_exhausted' } });
  });

  test.each(['/mcr.v1.AuthService/Login', '/mcr.v1.AdminService/Health', '/grpc.health.v1.Health/Check'])(
    'is one of more than 16 KiB where no login is needed: %s',
    async (path) => {
      const text = JSON.stringify({ username: 'x'.repeat(16 * 1024) });
      for (const [body, headers] of [
        [text, {}],
        [gzipSync(text), { 'content-encoding': 'gzip' }],
      ] as const) {
        const response = await send(path, body, headers);
        expect(response).toMatchObject({ status: 429, body: { code: 'resource_exhausted' } });
      }
    },
  );

  test.each<[string, string | Uint8Array, Record<string, string>]>([
    ['too large', large, {}],
    ['a bomb', bomb, { 'content-encoding': 'gzip' }],
    ['no JSON', '{', {}],
    ['empty', '', {}],
    ['of an unknown encoding', 'x', { 'content-encoding': 'zip' }],
  ])('does not decide about a stranger: one that is %s is 401', async (_name, body, headers) => {
    const response = await send(deleteRepository, body, { ...headers, authorization: 'Bearer no' });
    expect(response).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    const person = { ...headers, authorization: `Bearer ${api().token('person')}` };
    expect((await send(deleteRepository, body, person)).status).toBe(403);
  });
});

test('an unknown coding is the mistake of the client, also in the log', async () => {
  const response = await send(deleteRepository, '{}', { 'content-encoding': 'zip' });
  expect(response).toMatchObject({ status: 501, body: { code: 'unimplemented' } });
  await expect.poll(() => logOf(api().server).find(({ status }) => status === 501)).toMatchObject({ level: 'info' });
});

test.each([
  ['application/grpc', { 'grpc-timeout': '99999999H' }],
  ['application/json', { 'connect-timeout-ms': '9999999999' }],
])('a timeout of %s that no timer can wait for is none', async (type, timeout) => {
  const warned: string[] = [];
  const note = ({ name }: Error) => warned.push(name);
  process.on('warning', note);
  const headers = { ...timeout, 'content-type': type, te: 'trailers' };
  const response = await request(`${rpcUrl(api().server)}/mcr.v1.AdminService/Health`, {
    method: 'POST',
    dispatcher: agent,
    headers,
    body: type === json ? '{}' : Buffer.alloc(5),
  });
  await response.body.text();
  const status = response.trailers['grpc-status'] ?? response.headers['grpc-status'] ?? response.statusCode;
  expect(Number(status)).toBe(type === json ? 200 : 0);
  process.off('warning', note);
  expect(warned).toEqual([]);
});

describe('a request that is ambiguous is rejected', () => {
  test.each([
    ['two Host headers', 'Host: a\r\nHost: b\r\n', 400],
    ['two Authorization headers', 'Host: localhost\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n', 400],
    ['a port that is none', 'Host: localhost:99999\r\n', 400],
    ['a host that is none', 'Host: a b\r\n', 400],
    ['no Host', '', 400],
  ])('with %s', async (_name, headers, status) => {
    const { grpcPort: port, ca } = api().server;
    await using connection = await RawConnection.open({ port, ca }, { ALPNProtocols: ['http/1.1'] });
    const start = 'POST /mcr.v1.AdminService/Health HTTP/1.1\r\n';
    await connection.send(`${start}${headers}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`);
    expect((await connection.read()).status).toBe(status);
  });

  test.each(['//mcr.v1.AdminService/Health', '/mcr.v1.AdminService%2FHealth', '/x/../mcr.v1.AdminService/Health'])(
    'with the path %s',
    async (path) => {
      const { grpcPort: port, ca } = api().server;
      await using connection = await RawConnection.open({ port, ca }, { ALPNProtocols: ['http/1.1'] });
      const headers = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n';
      await connection.send(`POST ${path} HTTP/1.1\r\n${headers}\r\n{}`);
      expect((await connection.read()).status).toBe(400);
    },
  );

  test('and bytes that are no HTTP at all stop nothing', async () => {
    const { grpcPort: port, ca } = api().server;
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 9, maxLength: 200 }), fc.boolean(), async (bytes, greets) => {
        await using connection = await RawConnection.open({ port, ca }, { ALPNProtocols: ['h2'] });
        await connection.send(Buffer.concat([Buffer.from(greets ? preface : ''), bytes]));
      }),
      { numRuns: 50 },
    );
    expect(await rpcClients(api().server).admin.health({})).toMatchObject({ status: 'ok' });
  });
});

const texts = ['', ' ', 'a\0b', '\n', '😀', '../..', "' or 1=1 --", '%00', '__proto__', 'x'.repeat(70_000), '\ufffd'];
const numbers = [0, -1, 1, 2 ** 31 - 1, -(2 ** 31)];
const bigs = [0n, -1n, 1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];

/** A message with odd values in all fields, the n-th ones of each kind. */
function oddMessage(desc: DescMessage, n: number): Message {
  const fields = desc.fields.map((field) => [field.localName, oddValue(field, n)]);
  return create(desc, Object.fromEntries(fields.filter(([, value]) => value !== undefined)));
}

function oddValue(field: DescField, n: number): unknown {
  if (field.fieldKind === 'message') return oddMessage(field.message, n);
  if (field.fieldKind === 'scalar') return oddScalar(field.scalar, n);
  if (field.fieldKind === 'list' && field.listKind === 'scalar') return [oddScalar(field.scalar, n)];
  return undefined;
}

function oddScalar(scalar: ScalarType, n: number): unknown {
  const pick = <Value>(values: readonly Value[]): Value => values[n % values.length]!;
  if (scalar === ScalarType.STRING) return pick(texts);
  if (scalar === ScalarType.BOOL) return n % 2 === 0;
  if (scalar === ScalarType.INT64) return pick(bigs);
  return pick(numbers);
}

/** Codes that say that the client is at fault, and not the server. */
const fair: readonly (Code | undefined)[] = [
  undefined,
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.Unauthenticated,
  Code.Unimplemented,
  Code.ResourceExhausted,
  Code.OutOfRange,
];

describe.each(unary.map((method) => ({ path: pathOf(method), method })))('$path', ({ path, method }) => {
  test('responds to odd values or rejects them, and never fails', async () => {
    const transport = rpcTransport(api().server, `Bearer ${api().token('admin')}`);
    for (let n = 0; n < texts.length; n += 1) {
      const input = oddMessage(method.input, n);
      const call = transport.unary(method, undefined, undefined, undefined, input);
      const code = await call.then(
        () => undefined,
        async () => (await rejection(call)).code,
      );
      expect(fair, `round ${n}: code ${code}`).toContain(code);
    }
  });

  test('responds to any bytes or rejects them', async () => {
    const valid = toBinary(method.input, create(method.input));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        const body = Buffer.concat([valid, bytes]);
        const headers = { 'content-type': 'application/proto', 'accept-encoding': 'identity' };
        const response = await request(`${rpcUrl(api().server)}${path}`, {
          method: 'POST',
          dispatcher: agent,
          headers: { authorization: `Bearer ${api().token('admin')}`, ...headers },
          body,
        });
        await response.body.dump();
        expect(response.statusCode, Buffer.from(bytes).toString('hex')).toBeLessThan(500);
      }),
      { numRuns: 20 },
    );
  });
});
