import { once } from 'node:events';
import { Agent } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSizeFor } from '../../src/read-size.ts';
import { documentOf, exchange, piecesOf, type Wire } from '../../src/s3/client/exchange.ts';
import { BodyConnections, type Fetched } from '../../src/s3/client/object-body.ts';
import { bytes } from '../../src/testing/content.ts';
import { expectBytes } from '../../src/testing/expect-bytes.ts';

/** What the server does with each request, in this order, the last one again and again. */
let scripts: ((socket: Socket, request: string) => void)[];
let requests: string[];
let connections: Socket[];
let server: Server;
let wire: Wire;
let bodies: BodyConnections;

beforeEach(async () => {
  [scripts, requests, connections] = [[], [], []];
  server = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      requests.push(data.toString());
      (scripts.length > 1 ? scripts.shift() : scripts[0])?.(socket, data.toString());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  wire = { endpoint, agent: new Agent(), ca: undefined, idleMs: 20_000 };
  bodies = new BodyConnections(wire);
});
afterEach(async () => {
  bodies.close();
  wire.agent.destroy();
  for (const socket of connections) socket.destroy();
  server.close();
  await once(server, 'close');
});

const content = Buffer.from(bytes(300_000));
const head = (length: number, status = '206 Partial Content', more = '') =>
  `HTTP/1.1 ${status}\r\nContent-Length: ${length}\r\nETag: "e"\r\n${more}\r\n`;

/** Sends bytes in parts of a length, each in a packet of its own as far as that can be had. */
async function trickle(socket: Socket, data: Buffer, length: number): Promise<void> {
  for (let at = 0; at < data.length; at += length) {
    socket.write(data.subarray(at, at + length));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function read(fetched: Fetched | undefined): Promise<Buffer> {
  if (fetched === undefined || !('pieces' in fetched)) throw new Error('no body');
  const pieces: Buffer[] = [];
  for await (const piece of fetched.pieces()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const get = (headers = {}) => bodies.get('/object', headers);

describe('a body over a connection of its own', () => {
  test.each<[string, number, number]>([
    ['in one packet', 1_000, 10_000],
    ['byte by byte', 400, 1],
    ['in packets that end anywhere', 300_000, 4_099],
    ['in packets larger than a piece', 300_000, 200_000],
    ['that is empty', 0, 100],
  ])('that comes %s is what the ordinary client reads', async (_how, size, length) => {
    const response = Buffer.concat([Buffer.from(head(size)), content.subarray(0, size)]);
    scripts = [(socket) => void trickle(socket, response, length)];
    const ordinary = await exchange(wire, { method: 'GET', target: '/object', headers: {} });
    const expected: Buffer[] = [];
    for await (const piece of piecesOf(ordinary, wire.idleMs)) expected.push(Buffer.from(piece));
    const fetched = await get({ range: 'bytes=0-' });
    expect(fetched).toMatchObject({ status: 206, headers: { etag: '"e"', 'content-length': String(size) } });
    expectBytes(await read(fetched), Buffer.concat(expected));
    expect(requests.at(-1)).toBe(`GET /object HTTP/1.1\r\nhost: ${wire.endpoint.host}\r\nrange: bytes=0-\r\n\r\n`);
  });

  test('that is read slowly holds no more than some pieces, and loses nothing', async () => {
    const large = Buffer.from(bytes(8_000_000));
    scripts = [(socket) => void socket.write(Buffer.concat([Buffer.from(head(large.length)), large]))];
    const fetched = await get();
    if (fetched === undefined || !('pieces' in fetched)) throw new Error('no body');
    const pieces: Buffer[] = [];
    for await (const piece of fetched.pieces()) {
      expect(piece.length).toBeLessThan(360_000);
      if (pieces.length % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      pieces.push(Buffer.from(piece));
    }
    expectBytes(Buffer.concat(pieces), large);
    // All but the first, which may share its buffer with the head, and the last.
    const lengths = pieces.slice(1, -1).map(({ length }) => length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(readSizeFor(1));
  });

  test('leaves the connection to the next one, unless the server ends it or it was not read to its end', async () => {
    const whole = (more = '') => Buffer.concat([Buffer.from(head(1_000, undefined, more)), content.subarray(0, 1_000)]);
    scripts = [(socket) => void socket.write(whole())];
    for (let n = 0; n < 3; n += 1) expectBytes(await read(await get()), content.subarray(0, 1_000));
    expect(connections).toHaveLength(1);
    scripts = [(socket) => void socket.write(whole('Connection: close\r\n'))];
    await read(await get());
    scripts = [(socket) => void socket.write(whole())];
    const unread = await get();
    expect(connections).toHaveLength(2);
    if (unread !== undefined && 'pieces' in unread) unread.destroy();
    await read(await get());
    expect(connections).toHaveLength(3);
  });

  test('goes over another connection when the kept one has ended, or ends with the request', async () => {
    const whole = Buffer.concat([Buffer.from(head(1_000)), content.subarray(0, 1_000)]);
    const ok = (socket: Socket) => void socket.write(whole);
    scripts = [ok, (socket) => void socket.destroy(), ok];
    await read(await get());
    expectBytes(await read(await get()), content.subarray(0, 1_000));
    expect(connections).toHaveLength(2);
    const ended = once(connections[1]!, 'close');
    connections[1]!.end();
    await ended;
    expectBytes(await read(await get()), content.subarray(0, 1_000));
    expect(connections).toHaveLength(3);
  });

  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['ends early', (socket) => socket.end(head(1_000) + 'x'.repeat(10)), /the connection was closed/],
    ['is cut', (socket) => socket.write(head(1_000), () => socket.resetAndDestroy()), /closed|ECONNRESET/],
    ['is longer than it says', (socket) => socket.write(`${head(5)}123456`), /longer than it says/],
  ])('fails when it %s', async (_what, script, message) => {
    scripts = [script];
    await expect(get().then(read)).rejects.toThrow(message);
  });

  test('fails when no byte comes for so long, before it and in it', async () => {
    bodies = new BodyConnections({ ...wire, idleMs: 200 });
    scripts = [() => {}];
    await expect(get()).rejects.toThrow('no bytes for 200 ms');
    scripts = [(socket) => void socket.write(`${head(1_000)}some`)];
    await expect(get().then(read)).rejects.toThrow('no bytes for 200 ms');
  });

  test('fails when the response has no end of its head, or is none', async () => {
    scripts = [(socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}`)];
    await expect(get()).rejects.toThrow('the head of the response is too long');
    scripts = [(socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n')];
    await expect(get()).rejects.toThrow('does not speak HTTP/1.1');
    scripts = [(socket) => void socket.write('HTTP/1.1 99 \r\n\r\n')];
    await expect(get()).rejects.toThrow('does not speak HTTP/1.1');
  });

  test('is left to the ordinary client when it does not say how long it is', async () => {
    scripts = [
      (socket) => void socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n'),
    ];
    expect(await get()).toBeUndefined();
  });

  test('that is read when all connections are closed fails', async () => {
    scripts = [(socket) => void socket.write(`${head(1_000)}some`)];
    const fetched = await get();
    bodies.close();
    await expect(read(fetched)).rejects.toThrow('the connection was closed');
  });
});

describe('the document of an error', () => {
  const text = '<Error><Code>NoSuchKey</Code></Error>';
  test.each([
    ['with a length', `Content-Length: ${text.length}\r\n\r\n${text}`],
    ['in chunks', `Transfer-Encoding: chunked\r\n\r\n7\r\n${text.slice(0, 7)}\r\n1e\r\n${text.slice(7)}\r\n0\r\n\r\n`],
    ['up to the end of the connection', `Connection: close\r\n\r\n${text}`],
  ])('%s is what the ordinary client reads', async (how, rest) => {
    const response = Buffer.from(`HTTP/1.1 404 Not Found\r\n${rest}`);
    scripts = [(socket) => void trickle(socket, response, 9).then(() => how.includes('end') && socket.end())];
    const ordinary = await exchange(wire, { method: 'GET', target: '/object', headers: {} });
    expect(await documentOf(ordinary, wire.idleMs)).toBe(text);
    expect(await get()).toMatchObject({ status: 404, text });
  });

  test('may be empty', async () => {
    scripts = [(socket) => void socket.write('HTTP/1.1 404 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')];
    expect(await get()).toMatchObject({ status: 404, text: '' });
  });

  test('has a bound', async () => {
    scripts = [
      (socket) => void trickle(socket, Buffer.from(`HTTP/1.1 500 x\r\n\r\n${'y'.repeat(2_000_000)}`), 100_000),
    ];
    const fetched = await get();
    expect(fetched !== undefined && 'text' in fetched && fetched.text.length).toBeLessThan(1_400_000);
  });
});
