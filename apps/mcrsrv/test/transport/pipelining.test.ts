import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { digestHex } from '@mcr/core';
import { blobOf, RawConnection, seededBytes, type TestBlob } from '@mcr/testkit';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { pushBlobs } from '../_util/manifests.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { rpcEnv } from '../_util/rpc.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { ...rpcEnv, MCR_SERVER_METRICS_ADDR: '127.0.0.1:0' } });
/** More than all the buffers on the way hold together. */
const blob: TestBlob = blobOf(seededBytes('pipelined', 16 * 1024 * 1024));
let get = '';

beforeAll(async () => {
  await pushBlobs(server().admin, 'pipelined', blob);
  const { token } = await server().admin.token();
  get = `GET /v2/pipelined/blobs/${blob.digest} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
});

afterEach(() => {
  vi.useRealTimers();
});

/** How many times this process has the blob open. */
async function openBlobs(): Promise<number> {
  const names = await readdir('/proc/self/fd');
  const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return targets.filter((target) => target.includes(digestHex(blob.digest))).length;
}

/** Sends bytes on a connection that reads nothing until it is told to. */
async function send(bytes: string): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: server().port, ca: server().ca, servername: 'localhost' });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  return socket;
}

/** Resolves when the server has closed the connection, in whatever way. */
async function closed(socket: TLSSocket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

describe('requests that come on one connection without waiting for responses', () => {
  test('are handled one after the other, and get their responses in order', async () => {
    await using connection = await RawConnection.open(server());
    const head = (path: string) => get.replace(/\/v2\S+/, path);
    await connection.send(head('/v2/none/tags/list') + head('/v2/') + head('/v1/health') + head('//'));
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await connection.read()).status);
    expect(statuses).toEqual([404, 200, 200, 400]);
  });

  test('have one blob open at a time', async () => {
    const socket = await send(get.repeat(5));
    await expect.poll(openBlobs, pollOptions).toBeGreaterThan(0);
    // Another connection takes as many turns of the event loop as the others would need to open theirs.
    for (let count = 0; count < 5; count += 1) {
      expect((await server().admin.headBlob('pipelined', blob.digest)).status).toBe(200);
      expect(await openBlobs()).toBe(1);
    }
    let received = 0;
    socket.on('data', (bytes: Buffer) => (received += bytes.length));
    await expect.poll(() => received, pollOptions).toBeGreaterThan(5 * blob.size);
    await expect.poll(openBlobs, pollOptions).toBe(0);
    socket.destroy();
  });

  test('end the connection when more than a few of them wait, and leave no file open', async () => {
    const sockets = await Promise.all(Array.from({ length: 10 }, () => send(get.repeat(150))));
    for (const socket of sockets) {
      socket.resume();
      await closed(socket);
    }
    await expect.poll(openBlobs, pollOptions).toBe(0);
    const metrics = await server().context.metrics.registry.metrics();
    expect(metrics).toContain('registry_connections_rejected_total{listener="registry",reason="pipelining"} 10');
    expect((await server().admin.headBlob('pipelined', blob.digest)).status).toBe(200);
  });

  test('wait with their bodies unread, which may not take long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const body = `Transfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(100_000)}0\r\n\r\n`;
    const put = get.replace(/^GET \S+/, 'PUT /v2/pipelined/manifests/v1').replace(/\r\n$/, body);
    const socket = await send(get);
    await expect.poll(openBlobs, pollOptions).toBe(1);
    const before = vi.getTimerCount();
    socket.write(put);
    while (vi.getTimerCount() === before) await setImmediate();
    vi.advanceTimersByTime(9_999);
    expect((await server().admin.headBlob('pipelined', blob.digest)).status).toBe(200);
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    socket.resume();
    await closed(socket);
  });
});

describe('calls that come on one connection of HTTP/1.1 without waiting for responses', () => {
  const call = (path: string, body = '{}') =>
    `POST /grpc.health.v1.Health/${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

  test('get their responses in order', async () => {
    const at = { port: server().grpcPort, ca: server().ca };
    await using connection = await RawConnection.open(at, { ALPNProtocols: ['http/1.1'] });
    await connection.send(call('Check') + call('Check', '{"service":"none"}') + call('List'));
    expect((await connection.read()).status).toBe(200);
    expect((await connection.read()).status).toBe(404);
    expect((await connection.read()).body).toContain('statuses');
  });

  test('end the connection when more than a few of them wait', async () => {
    const at = { port: server().grpcPort, ca: server().ca };
    await using connection = await RawConnection.open(at, { ALPNProtocols: ['http/1.1'] });
    await connection.send(call('Check').repeat(150));
    await connection.closed();
    const metrics = await server().context.metrics.registry.metrics();
    expect(metrics).toContain('registry_connections_rejected_total{listener="rpc",reason="pipelining"} 1');
  });
});
