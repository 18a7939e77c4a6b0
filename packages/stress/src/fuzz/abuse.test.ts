import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { digestOf } from '@mcr/core';
import { createOciClient, frameType, RawHttp2, seededBytes } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { complaintsOf } from '../inspect/complaints.ts';
import { canary, startTarget, type Target } from './target.ts';

const timeout = 300_000;
/** For `expect.poll`: gives up only on what never happens, also on a busy machine. */
const pollOptions = { interval: 20, timeout: 20_000 };
const preload = new URL('./flood/few-files.ts', import.meta.url).href;
const mebibyte = 1 << 20;

/** A TLS connection from an address of the loopback that reads nothing, on which some bytes were sent. */
async function hold(port: number, ca: string, localAddress: string, ...bytes: (string | Buffer)[]): Promise<TLSSocket> {
  const to = { host: '127.0.0.1', port, localAddress };
  const socket = connect({ ...to, ca, servername: 'localhost' });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  for (const part of bytes) socket.write(part);
  return socket;
}

/** Whether others are served, on a new connection. */
async function serves({ registry }: Target, path = '/v1/ready'): Promise<boolean> {
  await using client = createOciClient({ baseUrl: registry.baseUrl, ca: registry.ca });
  return (await client.request('GET', path)).status === 200;
}

test('requests that one account sends without reading responses leave blobs readable', { timeout }, async () => {
  await using target = await startTarget({ preload });
  const { client, registry, names, ports } = target;
  const content = seededBytes('a blob that is not read', 4 * mebibyte);
  const digest = digestOf(content);
  const path = `/v2/${canary.repository}/blobs/uploads/?digest=${digest}`;
  expect((await client.request('POST', path, { body: content })).status).toBe(201);
  const get = `GET /v2/${canary.repository}/blobs/${digest} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${names.tokens.admin}\r\n\r\n`;
  const sockets: TLSSocket[] = [];
  for (let count = 0; count < 10; count += 1) {
    sockets.push(await hold(ports.registry, registry.ca, '127.0.0.2', get.repeat(150)));
  }
  for (let round = 0; round < 10; round += 1) {
    expect((await client.getBlob(canary.repository, names.blobs[0]!)).status).toBe(200);
    expect(await serves(target)).toBe(true);
  }
  for (const socket of sockets) socket.destroy();
  expect(complaintsOf(registry)).toEqual([]);
});

test('thousands who ask to watch health take a bounded part of memory, and those who may go on', {
  timeout,
}, async () => {
  await using target = await startTarget();
  const { registry, ports } = target;
  const before = await target.memory();
  await using stack = new AsyncDisposableStack();
  const connections: RawHttp2[] = [];
  for (let count = 0; count < 60; count += 1) {
    const localAddress = `127.0.3.${count + 1}`;
    const connection = stack.use(await RawHttp2.open({ grpcPort: ports.rpc, ca: registry.ca }, { localAddress }));
    const watch = () => connection.call('/grpc.health.v1.Health/Watch');
    await connection.send(...Array.from({ length: 100 }, watch));
    connections.push(connection);
  }
  const responses = (connection: RawHttp2) => connection.frames.filter(({ type }) => type === frameType.headers).length;
  for (const connection of connections) {
    await expect
      .poll(() => responses(connection) >= 100 || connection.ended, { ...pollOptions, timeout: 120_000 })
      .toBe(true);
  }
  const { rss } = await target.memory();
  expect(rss - before.rss).toBeLessThan(150 * mebibyte);
  expect(connections.some(({ ended }) => ended)).toBe(false);
  expect(await serves(target)).toBe(true);
});

test('calls that are reset all the time leave others served', { timeout }, async () => {
  await using target = await startTarget();
  const { registry, ports } = target;
  const before = await target.worked();
  for (let round = 0; round < 20; round += 1) {
    const at = { grpcPort: ports.rpc, ca: registry.ca };
    await using connection = await RawHttp2.open(at, { localAddress: '127.0.0.2' });
    await connection.send(...Array.from({ length: 1_000 }, () => connection.reset('/grpc.health.v1.Health/Check')));
    expect(await serves(target)).toBe(true);
    await expect.poll(() => connection.ended, pollOptions).toBe(true);
  }
  // 20,000 calls that are handled take ten seconds.
  expect((await target.worked()) - before).toBeLessThan(6_000);
  expect(complaintsOf(registry)).toEqual([]);
});

test('forms that do not end take a bounded part of the memory of the web UI', { timeout }, async () => {
  await using target = await startTarget({ surface: 'web' });
  const { registry, ports } = target;
  const before = await target.memory();
  const session = { token: 'made-up', username: 'x', roles: [], seen: Date.now() };
  const cookie = `__Host-mcr-session=${Buffer.from(JSON.stringify(session)).toString('base64url')}`;
  const length = 256 * 1024;
  const head = `POST /login HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n`;
  const sockets: TLSSocket[] = [];
  for (let count = 0; count < 600; count += 1) {
    const address = `127.0.4.${1 + (count % 20)}`;
    sockets.push(await hold(ports.web, registry.ca, address, head, Buffer.alloc(length - 1, 'x')));
  }
  const { rss } = await target.memory();
  expect(rss - before.rss).toBeLessThan(120 * mebibyte);
  expect(await target.isAlive()).toBe(true);
  for (const socket of sockets) socket.destroy();
});
