import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { type CallOptions, Code, createClient } from '@connectrpc/connect';
import { Http2SessionManager } from '@connectrpc/connect-node';
import { AdminService, HealthResponseSchema } from '@mcr/rpc/mcr/v1/admin_pb';
import { expect, onTestFinished, test } from 'vitest';
import { createUnaryTransport } from './unary-transport.ts';

const message = Buffer.from(toBinary(HealthResponseSchema, create(HealthResponseSchema, { version: '1.2.3' })));
const framed = frame(message);

function frame(content: Buffer, flag = 0): Buffer {
  const prefix = Buffer.from([flag, 0, 0, 0, 0]);
  prefix.writeUInt32BE(content.length, 1);
  return Buffer.concat([prefix, content]);
}

/** A call of a server that responds in a certain way. */
async function call(
  respond: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
  options: CallOptions = {},
) {
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    respond(stream, headers);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = new Http2SessionManager(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    session.abort();
    server.close();
  });
  const client = createClient(AdminService, createUnaryTransport({ session, timeoutMs: 30_000 }));
  return await client.health({}, options);
}

/** Responds with a body, in the given parts, and trailers. */
function withBody(parts: readonly Buffer[], trailers: Readonly<Record<string, string>>) {
  return (stream: ServerHttp2Stream) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc+proto', 'x-request-id': 'r1' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    for (const part of parts) stream.write(part);
    stream.end();
  };
}

const ok = { 'grpc-status': '0' };

test.each([
  ['an object', { authorization: 'Bearer t' }],
  ['Headers', new Headers({ Authorization: 'Bearer t' })],
])('a call sends its message in a frame, its headers as %s, and its deadline', async (_name, given) => {
  let seen: IncomingHttpHeaders = {};
  let body = Buffer.alloc(0);
  const health = await call(
    (stream, headers) => {
      seen = headers;
      stream.on('data', (chunk: Buffer) => {
        body = Buffer.concat([body, chunk]);
      });
      stream.on('end', () => withBody([framed], ok)(stream));
    },
    { headers: given, timeoutMs: 20_000 },
  );
  expect(health.version).toBe('1.2.3');
  expect(body).toEqual(frame(Buffer.alloc(0)));
  expect(seen).toMatchObject({
    ':method': 'POST',
    ':path': '/mcr.v1.AdminService/Health',
    'content-type': 'application/grpc+proto',
    'grpc-timeout': '20000m',
    te: 'trailers',
    authorization: 'Bearer t',
  });
});

test('a message may come in several parts', async () => {
  const parts = [framed.subarray(0, 3), framed.subarray(3, 7), framed.subarray(7)];
  expect((await call(withBody(parts, ok))).version).toBe('1.2.3');
});

test('headers and trailers of the response are there for callers who want them', async () => {
  const seen: (string | null)[] = [];
  await call(withBody([framed], { ...ok, 'x-more': 'm' }), {
    onHeader: (headers) => seen.push(headers.get('x-request-id')),
    onTrailer: (trailers) => seen.push(trailers.get('x-more')),
  });
  expect(seen).toEqual(['r1', 'm']);
});

test('an error has the code, the message and the metadata of headers and trailers', async () => {
  const trailers = { 'grpc-status': '7', 'grpc-message': 'You may not%21', 'mcr-denied-action': 'registry:pull' };
  const error = await call(withBody([], trailers)).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: Code.PermissionDenied, rawMessage: 'You may not!' });
  const { metadata } = error as { metadata: Headers };
  expect(metadata.get('x-request-id')).toBe('r1');
  expect(metadata.get('mcr-denied-action')).toBe('registry:pull');
});

test('an error may come in the headers alone', async () => {
  const respond = (stream: ServerHttp2Stream) =>
    stream.respond({ ':status': 200, 'grpc-status': '16', 'grpc-message': 'Log in' }, { endStream: true });
  await expect(call(respond)).rejects.toMatchObject({ code: Code.Unauthenticated, rawMessage: 'Log in' });
});

test.each<[why: string, respond: (stream: ServerHttp2Stream) => void, code: Code]>([
  ['another status than 200', (stream) => stream.respond({ ':status': 503 }, { endStream: true }), Code.Unavailable],
  ['no status of the call', withBody([framed], {}), Code.Internal],
  ['no message', withBody([], ok), Code.Internal],
  ['two messages', withBody([framed, framed], ok), Code.Internal],
  ['half a message', withBody([framed.subarray(0, -1)], ok), Code.Internal],
  ['a compressed message', withBody([frame(message, 1)], ok), Code.Internal],
  ['bytes that are no message', withBody([frame(Buffer.from([0xff, 0xff]))], ok), Code.Internal],
  ['a stream that is refused', (stream) => stream.close(7), Code.Unavailable],
  ['a stream that is reset', (stream) => stream.close(2), Code.Internal],
  ['a connection that breaks', (stream) => stream.session?.destroy(), Code.Canceled],
])('a response with %s is an error', async (_why, respond, code) => {
  await expect(call(respond)).rejects.toMatchObject({ code });
});

test('a call ends with its deadline, and the server hears of it', async () => {
  const closed = Promise.withResolvers<number>();
  const respond = (stream: ServerHttp2Stream) => stream.once('close', () => closed.resolve(stream.rstCode));
  await expect(call(respond, { timeoutMs: 50 })).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  expect(await closed.promise).toBe(8);
});

test('a call ends when its caller gives up', async () => {
  const controller = new AbortController();
  const respond = () => controller.abort();
  await expect(call(respond, { signal: controller.signal })).rejects.toMatchObject({ code: Code.Canceled });
  await expect(call(respond, { signal: controller.signal })).rejects.toMatchObject({ code: Code.Canceled });
});
