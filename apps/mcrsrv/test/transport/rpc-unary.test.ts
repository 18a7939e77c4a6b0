import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type OutgoingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Code } from '@connectrpc/connect';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { InFlight, openRecord } from '@mcr/server-kit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Operation, operation } from '../../src/admin/operation.ts';
import { operations } from '../../src/admin/operations.ts';
import { createUnaryHandler } from '../../src/rpc/unary/handler.ts';
import { useAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import { logOf } from '../_util/log.ts';
import { rpcUrl } from '../_util/rpc.ts';

const api = useAdminApi();
let session: ClientHttp2Session;
beforeAll(async () => {
  await seedImage(api().server, 'team/app', ['v1']);
  session = connect(rpcUrl(api().server), { ca: api().server.ca });
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => session.destroy());

const whoAmI = '/mcr.v1.AuthService/WhoAmI';
const getRepository = '/mcr.v1.RegistryService/GetRepository';
const statistics = '/mcr.v1.AdminService/GetStatistics';
const login = '/mcr.v1.AuthService/Login';

type Ping = (callback: (error: Error | null) => void) => void;

interface Call {
  readonly path: string;
  readonly who?: 'admin' | 'person';
  readonly headers?: OutgoingHttpHeaders;
  /** The chunks of the body; by default an empty message. */
  readonly body?: readonly Uint8Array[];
}

function framed(message: Uint8Array | string, flag = 0): Buffer {
  const bytes = Buffer.from(message as string);
  const prefix = Buffer.from([flag, 0, 0, 0, 0]);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

/** A message with texts of less than 128 bytes in its first fields. */
function texts(...values: readonly string[]): Buffer {
  return Buffer.concat(
    values.map((value, at) => Buffer.from(`${String.fromCharCode((at + 1) * 8 + 2, value.length)}${value}`)),
  );
}

function open({ path, who, headers }: Call, client = session) {
  const authorization = who && `Bearer ${api().token(who)}`;
  return client.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc+proto',
    te: 'trailers',
    ...(authorization !== undefined && { authorization }),
    ...headers,
  });
}

async function send(call: Call, client = session) {
  const stream = open(call, client);
  const seen = { headers: {}, trailers: {}, body: '', reset: 0 };
  const chunks: Buffer[] = [];
  stream.on('response', (received) => void (seen.headers = { ...received, date: undefined }));
  stream.on('trailers', (received) => void (seen.trailers = received));
  stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
  for (const chunk of call.body ?? [Buffer.alloc(5)]) {
    stream.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stream.end();
  await once(stream, 'close');
  return { ...seen, body: Buffer.concat(chunks).toString('hex'), reset: stream.rstCode };
}

/** What a call leaves behind: its line in the log, and its events in the audit log. */
async function traced<Result>(action: () => Promise<Result>) {
  const { store } = api().server.context.services;
  const lines = () => logOf(api().server).filter(({ msg }) => msg.startsWith('call'));
  const [before] = await store.audit.list({ limit: 1 });
  const count = lines().length;
  const result = await action();
  await expect.poll(() => lines().length, { timeout: 10_000 }).toBe(count + 1);
  const { time: _time, durationMs: _duration, ...line } = lines().at(-1)!;
  const newest = await store.audit.list({ limit: 10 });
  const events = newest.filter(({ id }) => id > (before?.id ?? 0)).map(({ id: _id, at: _at, ...event }) => event);
  return JSON.parse(
    JSON.stringify({ result, line, events }).replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>'),
  ) as {
    readonly result: Awaited<ReturnType<typeof send>>;
    readonly line: { readonly code?: string };
    readonly events: readonly unknown[];
  };
}

/** The same through Connect, which disregards the query that an address of a method may have. */
const throughConnect = <C extends Call>(call: C): C => ({ ...call, path: `${call.path}?` });

describe('a call gets the same as through Connect', () => {
  test.each<[string, string | undefined, Call]>([
    ['of an admin', 'ok', { path: statistics, who: 'admin' }],
    [
      'without a suffix of its type',
      'ok',
      { path: whoAmI, who: 'person', headers: { 'content-type': 'application/grpc' } },
    ],
    [
      'in JSON',
      'ok',
      { path: whoAmI, who: 'person', headers: { 'content-type': 'application/grpc+json' }, body: [framed('{}')] },
    ],
    ['about something', 'ok', { path: getRepository, who: 'admin', body: [framed(texts('team/app'))] }],
    [
      'in pieces',
      'ok',
      { path: getRepository, who: 'admin', body: [...framed(texts('team/app'))].map((byte) => Buffer.of(byte)) },
    ],
    [
      'about nothing that is there',
      'not_found',
      { path: getRepository, who: 'admin', body: [framed(texts('no/such'))] },
    ],
    ['against the rules', 'invalid_argument', { path: getRepository, who: 'admin', body: [framed(texts('No'))] }],
    ['of a stranger', 'unauthenticated', { path: whoAmI }],
    ['with a bad token', 'unauthenticated', { path: whoAmI, headers: { authorization: 'Bearer no' } }],
    ['with no token', 'unauthenticated', { path: whoAmI, headers: { authorization: 'Basic no' } }],
    ['without the role', 'permission_denied', { path: statistics, who: 'person' }],
    ['that everyone may make', 'ok', { path: '/mcr.v1.AdminService/Health' }],
    ['with a wrong password', 'unauthenticated', { path: login, body: [framed(texts('person', 'wrong'))] }],
    [
      'that is too large',
      'resource_exhausted',
      { path: getRepository, who: 'admin', body: [framed(Buffer.alloc(2 ** 20 + 1))] },
    ],
    [
      'that is too large for everyone',
      'resource_exhausted',
      { path: login, body: [framed(Buffer.alloc(2 ** 14 + 1))] },
    ],
    ['as large as it may be', 'invalid_argument', { path: login, body: [framed(Buffer.alloc(2 ** 14))] }],
    [
      'that says to be too large',
      'resource_exhausted',
      { path: getRepository, who: 'admin', body: [Buffer.of(0, 1, 0, 0, 0)] },
    ],
    [
      'that says to be larger than it is',
      'unimplemented',
      { path: getRepository, who: 'admin', body: [Buffer.of(0, 0, 0, 0, 9)] },
    ],
    ['that is no message', 'invalid_argument', { path: getRepository, who: 'admin', body: [framed('\xff')] }],
    [
      'with a text that is none',
      'invalid_argument',
      { path: getRepository, who: 'admin', body: [framed(Buffer.of(10, 1, 0xff))] },
    ],
    ['without a message', 'unimplemented', { path: whoAmI, who: 'admin', body: [] }],
    ['with half a prefix', 'invalid_argument', { path: whoAmI, who: 'admin', body: [Buffer.alloc(3)] }],
    ['with two messages', 'unimplemented', { path: whoAmI, who: 'admin', body: [Buffer.alloc(10)] }],
    ['with more behind its message', 'invalid_argument', { path: whoAmI, who: 'admin', body: [Buffer.alloc(8)] }],
    ['that says to be compressed', 'invalid_argument', { path: whoAmI, who: 'admin', body: [framed('x', 1)] }],
    ['with an unknown flag', 'ok', { path: whoAmI, who: 'admin', body: [framed('', 64)] }],
    [
      'that is compressed',
      'ok',
      { path: whoAmI, who: 'admin', headers: { 'grpc-encoding': 'gzip' }, body: [framed(gzipSync(''), 1)] },
    ],
    ['in an unknown coding', 'unimplemented', { path: whoAmI, who: 'admin', headers: { 'grpc-encoding': 'zip' } }],
    ['that wants compression', 'ok', { path: whoAmI, who: 'admin', headers: { 'grpc-accept-encoding': 'gzip' } }],
    ['that wants none', 'ok', { path: whoAmI, who: 'admin', headers: { 'grpc-accept-encoding': 'identity' } }],
    ['with a deadline', 'ok', { path: whoAmI, who: 'admin', headers: { 'grpc-timeout': '5S' } }],
    [
      'with one that has passed',
      'unauthenticated',
      {
        path: login,
        headers: { 'grpc-timeout': '0m' },
        body: [framed(texts('machine', 'wrong'))],
      },
    ],
    ['with one that is none', 'invalid_argument', { path: whoAmI, who: 'admin', headers: { 'grpc-timeout': 'soon' } }],
    ['by another method', undefined, { path: whoAmI, who: 'admin', headers: { ':method': 'PUT' } }],
    ['to a host that is none', undefined, { path: whoAmI, who: 'admin', headers: { ':authority': 'localhost:99999' } }],
  ])('%s', async (_name, code, call) => {
    const own = await traced(() => send(call));
    const connects = await traced(() => send(throughConnect(call)));
    expect(own).toEqual(connects);
    expect(own.line.code).toBe(code);
  });

  test('when the registry fails', async () => {
    const { store } = api().server.context.services;
    vi.spyOn(store, 'statistics').mockRejectedValue(new Error('SELECT secret'));
    const call: Call = { path: statistics, who: 'admin' };
    const own = await traced(() => send(call));
    expect(own).toEqual(await traced(() => send(throughConnect(call))));
    expect(own.line).toMatchObject({ code: 'internal', err: { message: 'SELECT secret' } });
    expect(JSON.stringify(own.result)).not.toContain('SELECT');
  });
});

describe('a call that its client gives up', () => {
  /** Leaves while the registry is at work on it. */
  async function leave(call: Call, client: ClientHttp2Session): Promise<void> {
    const { store } = api().server.context.services;
    vi.restoreAllMocks();
    const result = await store.statistics();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    vi.spyOn(store, 'statistics').mockImplementation(async () => {
      begin();
      await left.promise;
      return result;
    });
    open(call, client)
      .on('error', () => {})
      .end(Buffer.alloc(5));
    await begun;
    client.destroy();
  }

  /** Leaves before the end of its message. */
  async function leaveHalfway(call: Call, client: ClientHttp2Session): Promise<void> {
    open(call, client)
      .on('error', () => {})
      .write(Buffer.alloc(4));
    await once(client, 'connect');
    for (let turn = 0; turn < 3; turn += 1) await promisify(client.ping.bind(client) as Ping)();
    client.destroy();
  }

  const left = Promise.withResolvers<void>();
  afterAll(() => left.resolve());

  test.each<[string, string, typeof leave, Call]>([
    ['while it runs', 'canceled', leave, { path: statistics, who: 'admin' }],
    ['before its end', 'canceled', leaveHalfway, { path: login }],
    ['after its deadline', 'deadline_exceeded', leaveHalfway, { path: login, headers: { 'grpc-timeout': '1u' } }],
  ])('%s leaves the same line as through Connect', async (_name, code, action, call) => {
    const client = () => connect(rpcUrl(api().server), { ca: api().server.ca });
    const own = await traced(() => action(call, client()));
    expect(own).toEqual(await traced(() => action(throughConnect(call), client())));
    expect(own.line.code).toBe(code);
  });
});

/** A plain server of such operations, and for each call that it gets, whether its handler took it. */
async function serve(operations: readonly Operation[]) {
  const { services } = api().server.context;
  const handle = createUnaryHandler({ services, operations, inFlight: new InFlight() });
  const taken: boolean[] = [];
  const server = createServer((incoming, outgoing) => {
    openRecord(incoming, { ip: '127.0.0.1', awaitsContinue: false, startedAt: performance.now() });
    const isTaken = handle(incoming, outgoing);
    taken.push(isTaken);
    if (!isTaken) outgoing.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(`http://127.0.0.1:${port}`);
  return {
    taken,
    client,
    [Symbol.dispose]: () => {
      client.destroy();
      server.close();
    },
  };
}

test.each<[string, 'without' | 'by', OutgoingHttpHeaders]>([
  ['in bytes', 'without', {}],
  ['with a deadline', 'without', { 'grpc-timeout': '5S' }],
  ['to an address with a query', 'by', { ':path': `${whoAmI}?` }],
  ['that streams', 'by', { ':path': '/grpc.health.v1.Health/Watch' }],
  ['in JSON', 'by', { 'content-type': 'application/grpc+json' }],
  ['of gRPC-Web', 'by', { 'content-type': 'application/grpc-web+proto' }],
  ['of Connect', 'by', { 'content-type': 'application/proto' }],
  ['that is compressed', 'by', { 'grpc-encoding': 'gzip' }],
  ['whose response may be compressed', 'by', { 'grpc-accept-encoding': 'gzip,br' }],
])('a call %s is handled %s Connect', async (_name, how, headers) => {
  using server = await serve(operations);
  await send({ path: whoAmI, headers }, server.client);
  expect(server.taken).toEqual([how === 'without']);
});

describe('an operation hears', () => {
  /** One that waits until it need not go on. */
  function waiting() {
    const begun = Promise.withResolvers<AbortSignal>();
    const waits = operation(AdminService.method.health, async (_services, { signal }) => {
      begun.resolve(signal);
      if (!signal.aborted) await once(signal, 'abort');
      throw signal.reason;
    });
    return { begun: begun.promise, operations: [waits as unknown as Operation] };
  }
  const path = '/mcr.v1.AdminService/Health';

  test('that the deadline has passed', async () => {
    using server = await serve(waiting().operations);
    const { trailers } = await send({ path, headers: { 'grpc-timeout': '1m' } }, server.client);
    expect(trailers).toMatchObject({ 'grpc-status': String(Code.DeadlineExceeded) });
  });

  test('that the client has gone', async () => {
    const { begun, operations: own } = waiting();
    using server = await serve(own);
    open({ path }, server.client)
      .on('error', () => {})
      .end(Buffer.alloc(5));
    const signal = await begun;
    server.client.destroy();
    await expect.poll(() => signal.aborted).toBe(true);
  });
});
