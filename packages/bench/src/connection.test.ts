import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { createTestCa } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Address, Connection, requestHead } from './connection.ts';
import { uniqueContent } from './content.ts';

let server: Server;
let address: Address;

beforeAll(async () => {
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue();
  server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    if (request.url === '/silent') return;
    if (request.url === '/close') return void request.socket.destroy();
    if (request.url === '/early') response.writeHead(202, { 'Content-Length': 0 }).end();
    let received = 0;
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    request.once('end', () => {
      if (response.headersSent) return;
      const body = Buffer.alloc(Number(request.headers['x-size'] ?? 0));
      response.writeHead(200, { 'Content-Length': body.length, 'X-Received': received }).end(body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca: ca.caPem };
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

test.each([0, 1, 20_000, 5_000_000])(
  'a response of %i bytes is read to its end, request after request',
  async (size) => {
    using connection = await Connection.open(address);
    const head = requestHead(address, 'GET', '/', { 'X-Size': size });
    for (let i = 0; i < 3; i += 1) {
      expect(await connection.send(head)).toMatchObject({ status: 200, bodyBytes: size });
    }
  },
);

test('the response to a HEAD has no body, whatever its length says', async () => {
  using connection = await Connection.open(address);
  const head = requestHead(address, 'HEAD', '/', { 'X-Size': 500 });
  expect(await connection.send(head)).toMatchObject({ status: 200, bodyBytes: 0 });
  expect(await connection.send(head)).toMatchObject({ status: 200, bodyBytes: 0 });
});

test.each([1, 70_000, 9_000_000])('a body of %i bytes arrives whole', async (size) => {
  using connection = await Connection.open(address);
  const { chunks } = uniqueContent(size);
  const response = await connection.send(requestHead(address, 'PUT', '/', { 'Content-Length': size }), chunks);
  expect(response.headers).toContain(`X-Received: ${size}`);
});

test('a response that comes before the end of the body does not cut the body off', async () => {
  using connection = await Connection.open(address);
  const { chunks, size } = uniqueContent(9_000_000);
  const early = await connection.send(requestHead(address, 'PUT', '/early', { 'Content-Length': size }), chunks);
  expect(early.status).toBe(202);
  expect((await connection.send(requestHead(address, 'GET', '/'))).status).toBe(200);
});

test('a connection that the server closes fails the request', async () => {
  using connection = await Connection.open(address);
  await expect(connection.send(requestHead(address, 'GET', '/close'))).rejects.toThrow();
});

test('a server that does not respond fails the request', async () => {
  const send = async (): Promise<void> => {
    using connection = await Connection.open(address, 1_000);
    await connection.send(requestHead(address, 'GET', '/silent'));
  };
  await expect(send()).rejects.toThrow('did nothing');
});

test('a server that never ends the handshake fails the connection', async () => {
  await using silent = createTcpServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  await expect(Connection.open({ ...address, port }, 50)).rejects.toThrow('did nothing');
});

test('rejects a server whose certificate is of another CA', async () => {
  const otherCa = (await createTestCa()).caPem;
  await expect(Connection.open({ ...address, ca: otherCa })).rejects.toThrow();
});
