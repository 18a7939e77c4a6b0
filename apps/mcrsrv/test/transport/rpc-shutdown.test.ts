import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import { RawConnection } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { rpcClients, rpcEnv, rpcUrl } from '../_util/rpc.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

/** Longer than any of these tests may take: whatever waits for it fails. */
const never = { ...rpcEnv, MCR_SERVER_SHUTDOWN_TIMEOUT: '10m' };

/** A call whose message has begun, and which the server knows of. */
async function beginCall(server: TestServer): Promise<{ session: ClientHttp2Session; stream: ClientHttp2Stream }> {
  const session = connect(rpcUrl(server), { ca: server.ca });
  await once(session, 'connect');
  const headers = { ':method': 'POST', ':path': '/mcr.v1.AdminService/Health', 'content-type': 'application/json' };
  const stream = session.request(headers);
  stream.write('{');
  // Frames are handled in order: when the ping is acknowledged, the call has begun.
  await new Promise((resolve) => session.ping(resolve));
  return { session, stream };
}

test('a call in flight is finished, while no one else is let in', async () => {
  await using server = await startTestServer({ env: never });
  const { session, stream } = await beginCall(server);
  const goaway = once(session, 'goaway');
  const stopped = server[Symbol.asyncDispose]();
  await goaway;
  await expect(RawConnection.open({ port: server.grpcPort, ca: server.ca })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  stream.end('}');
  const [headers] = await once(stream, 'response');
  expect(headers).toMatchObject({ ':status': 200 });
  expect(JSON.parse(await text(stream))).toMatchObject({ status: 'ok' });
  await stopped;
});

test('idle connections of both protocols hold nothing up', async () => {
  await using server = await startTestServer({ env: never });
  expect(await rpcClients(server).admin.health({})).toMatchObject({ status: 'ok' });
  const idle = connect(rpcUrl(server), { ca: server.ca });
  await once(idle, 'connect');
  await using http1 = await RawConnection.open(
    { port: server.grpcPort, ca: server.ca },
    { ALPNProtocols: ['http/1.1'] },
  );
  await http1.send(
    'POST /mcr.v1.AdminService/Health HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
  );
  expect((await http1.read()).status).toBe(200);
  const closed = once(idle, 'close');
  await server[Symbol.asyncDispose]();
  await closed;
  await http1.closed();
});

test('a call that never ends is cut when the time is over', async () => {
  await using server = await startTestServer({ env: { ...rpcEnv, MCR_SERVER_SHUTDOWN_TIMEOUT: '200ms' } });
  const { session, stream } = await beginCall(server);
  stream.on('error', () => {});
  session.on('error', () => {});
  const closed = once(session, 'close');
  await server[Symbol.asyncDispose]();
  await closed;
  expect(stream.destroyed).toBe(true);
});
