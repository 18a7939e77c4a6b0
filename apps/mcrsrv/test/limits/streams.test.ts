import { connect } from 'node:http2';
import { setImmediate } from 'node:timers/promises';
import { frameType, RawHttp2 } from '@mcr/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { logOf } from '../_util/log.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { rpcClients, rpcEnv, rpcUrl } from '../_util/rpc.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: rpcEnv });
const health = '/grpc.health.v1.Health/Check';

describe('calls without a token that was checked', () => {
  test('are bounded by address, however many connections they are spread over, and leave others theirs', async () => {
    const resets = (connection: RawHttp2) => connection.frames.filter(({ type }) => type === frameType.reset).length;
    await using stack = new AsyncDisposableStack();
    const connections: RawHttp2[] = [];
    for (let count = 0; count < 4; count += 1) {
      const connection = stack.use(await RawHttp2.open(server(), { localAddress: '127.0.0.2' }));
      // Their messages do not come.
      await connection.send(...Array.from({ length: 80 }, () => connection.head(health)));
      connections.push(connection);
    }
    const all = () => connections.reduce((sum, connection) => sum + resets(connection), 0);
    await expect.poll(all, pollOptions).toBe(4 * 80 - 256);
    await using other = await RawHttp2.open(server(), { localAddress: '127.0.0.3' });
    await other.send(other.call(health));
    await expect.poll(() => other.frames.some(({ type }) => type === frameType.data), pollOptions).toBe(true);
    await stack.disposeAsync();
    await using again = await RawHttp2.open(server(), { localAddress: '127.0.0.2' });
    await again.send(again.call(health));
    await expect.poll(() => again.frames.some(({ type }) => type === frameType.data), pollOptions).toBe(true);
  });

  test('are not those of a web UI, which has a hundred at once on a new connection', async () => {
    const { token } = await server().admin.token();
    const clients = rpcClients(server(), token);
    const calls = Array.from({ length: 300 }, () => clients.auth.whoAmI({}));
    expect(new Set((await Promise.all(calls)).map(({ principal }) => principal?.username))).toEqual(new Set(['admin']));
  });
});

describe('a response that its client does not read', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is given up within a minute, and its stream with it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using connection = await RawHttp2.open(server(), {}, [4, 0]);
    await connection.send(connection.call(health));
    const came = (wanted: number) => connection.frames.some(({ type, stream }) => type === wanted && stream === 1);
    while (!came(frameType.headers)) await setImmediate();
    // Its data and the end of it come behind the headers, and are not sent.
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    vi.advanceTimersByTime(30_000);
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    expect(came(frameType.reset)).toBe(false);
    vi.advanceTimersByTime(30_000);
    while (!came(frameType.reset) && !connection.ended) await setImmediate();
    expect(connection.ended).toBe(false);
  });
});

test('a message that is not read to its end leaves no stream behind', async () => {
  const route = '/mcr.v1.AuthService/Login';
  const session = connect(rpcUrl(server()), { ca: server().ca });
  // It names another coding of its response, which is what Connect sees to.
  const headers = { 'content-type': 'application/grpc', 'grpc-accept-encoding': 'gzip' };
  const stream = session.request({ ':method': 'POST', ':path': route, ...headers });
  stream.resume().end(Buffer.concat([Buffer.of(0, 0, 16, 0, 0), Buffer.alloc(2 ** 20)]));
  const lines = () => logOf(server()).filter((line) => line['route'] === route);
  await expect.poll(lines, pollOptions).toMatchObject([{ code: 'resource_exhausted' }]);
  expect(session.closed).toBe(false);
  session.destroy();
});
