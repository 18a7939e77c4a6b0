import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { freePort } from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ask } from './_util/ask.ts';
import { startWeb, type Web } from './_util/web.ts';

const pollOptions = { interval: 20, timeout: 20_000 };
let web: Web;
const sockets: TLSSocket[] = [];

beforeAll(async () => {
  web = await startWeb({ grpcPort: await freePort() });
});
afterAll(() => web[Symbol.asyncDispose]());
afterEach(() => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A connection from an address of the loopback, and the bytes received on it. */
async function open(localAddress = '127.0.0.1') {
  const to = { host: '127.0.0.1', port: Number(new URL(web.url).port), localAddress };
  const socket = connect({ ...to, ca: web.ca.caPem, servername: 'localhost' });
  sockets.push(socket.on('error', () => {}));
  await once(socket, 'secureConnect');
  const received = { text: '' };
  socket.setEncoding('latin1').on('data', (text: string) => (received.text += text));
  return { socket, received };
}

const headOf = (length: number): string =>
  `POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n`;
/** The largest form that a browser without a session may submit. */
const largest = 16 * 1024;
/** The largest form with a session. */
const largestForm = 256 * 1024;

test('a form of a browser that has not signed in has at most 16 KiB', async () => {
  const { socket, received } = await open();
  socket.write(headOf(largest + 1) + 'x'.repeat(largest + 1));
  await expect.poll(() => received.text, pollOptions).toMatch(/^HTTP\/1\.1 403 /);
  expect(received.text).toMatch(/\r\nconnection: close\r\n/i);
  expect(received.text).toContain('The form could not be read');
});

test('endless forms take a bounded part of memory, and leave room for others', async () => {
  // Anyone can invent a cookie: only the registry can check its token.
  const session = { token: 'made-up', username: 'x', roles: [], seen: Date.now() };
  const cookie = `Cookie: __Host-mcr-session=${Buffer.from(JSON.stringify(session)).toString('base64url')}\r\n\r\n`;
  const rejected: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    const { socket, received } = await open('127.0.0.2');
    socket.write(headOf(largestForm).replace(/\r\n$/, cookie));
    socket.write(Buffer.alloc(largestForm - 1, 'x'));
    socket.on('close', () => rejected.push(received.text));
  }
  // 4 MiB hold 16 of them.
  await expect.poll(() => rejected.length, pollOptions).toBe(4);
  for (const text of rejected) expect(text).toMatch(/^HTTP\/1\.1 429 [^]*retry-after: 3\r\n/i);
  expect(await ask(web, '/login', { localAddress: '127.0.0.2' })).toMatchObject({ status: 200 });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const other = await ask(
    web,
    '/login',
    { localAddress: '127.0.0.3', method: 'POST', headers },
    'username=a&password=b',
  );
  expect(other).toMatchObject({ status: 403 });
  expect(other.body).not.toContain('could not be read');
});

test('a slow form is aborted after 30 s', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { socket } = await open();
  const before = vi.getTimerCount();
  socket.write(headOf(largest));
  while (vi.getTimerCount() === before) await setImmediate();
  vi.advanceTimersByTime(29_999);
  expect((await ask(web, '/login')).status).toBe(200);
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
});

test('a form with thousands of fields is not parsed', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status, body } = await ask(web, '/login', { method: 'POST', headers }, 'a&'.repeat(6_000));
  expect(status).toBe(403);
  expect(body).toContain('The form could not be read');
});

describe('pipelined requests on one connection', () => {
  const get = 'GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n';

  test('get their responses in order', async () => {
    const { socket, received } = await open();
    socket.write(
      `${get}GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n${get.replace('Host', 'Connection: close\r\nHost')}`,
    );
    await once(socket, 'end');
    expect(received.text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 303', 'HTTP/1.1 200']);
  });

  test('close the connection if more than a few of them wait', async () => {
    const { socket } = await open('127.0.0.4');
    socket.write(get.repeat(150));
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    expect(web.logged.filter(({ reason }) => reason === 'pipelining')).toEqual([
      expect.objectContaining({ msg: 'connections rejected', address: '127.0.0.4' }),
    ]);
  });
});

test('a form that is too large is drained, so that a browser, which sends all of it first, sees the response', async () => {
  const { socket, received } = await open();
  const length = 32 * 1024 * 1024;
  const error = await new Promise((resolve) => socket.write(headOf(length) + 'x'.repeat(length), resolve));
  expect(error ?? undefined).toBeUndefined();
  await expect.poll(() => received.text, pollOptions).toMatch(/^HTTP\/1\.1 403 [^]*The form could not be read/);
});
