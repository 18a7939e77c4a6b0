import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createTestCa } from '@mcr/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Address, requestHead } from './connection.ts';
import { Crew } from './crew.ts';

const bodyBytes = 1_000;
let server: Server;
let address: Address;
let [connections, requests] = [0, 0];

beforeAll(async () => {
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue();
  server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    requests += 1;
    const body = Buffer.alloc(bodyBytes);
    response.writeHead(request.url === '/missing' ? 404 : 200, { 'Content-Length': body.length }).end(body);
  }).listen(0, '127.0.0.1');
  server.on('secureConnection', () => {
    connections += 1;
  });
  await once(server, 'listening');
  address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca: ca.caPem };
});

beforeEach(() => {
  [connections, requests] = [0, 0];
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

test.each([1, 3, 16])('%i clients on several threads keep their connections', async (clients) => {
  await using crew = await Crew.open({ address, head: requestHead(address, 'GET', '/'), clients, keepAlive: true });
  expect(await crew.repeat(0)).toEqual({ requests: clients, bodyBytes: clients * bodyBytes });
  const again = await crew.repeat(0.05);
  expect(again.requests + clients).toBe(requests);
  expect(again.bodyBytes).toBe(again.requests * bodyBytes);
  expect(connections).toBe(clients);
});

test('clients that keep no connection open one for each request', async () => {
  await using crew = await Crew.open({ address, head: requestHead(address, 'GET', '/'), clients: 4, keepAlive: false });
  const transferred = await crew.repeat(0.05);
  expect(transferred.requests).toBe(requests);
  expect(connections).toBe(requests);
});

test('a response other than 200 fails the crew, and not the next one', async () => {
  const task = { address, clients: 2, keepAlive: true };
  {
    await using crew = await Crew.open({ ...task, head: requestHead(address, 'GET', '/missing') });
    await expect(crew.repeat(0)).rejects.toThrow('Expected 200, got HTTP/1.1 404');
  }
  await using crew = await Crew.open({ ...task, head: requestHead(address, 'GET', '/') });
  expect((await crew.repeat(0)).requests).toBe(2);
});
