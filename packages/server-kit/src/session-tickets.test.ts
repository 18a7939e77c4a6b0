import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { createTestCa } from '@mcr/testkit';
import { afterAll, expect, test } from 'vitest';
import { SessionTickets } from './session-tickets.ts';

const ca = await createTestCa();
const { certPem, keyPem } = await ca.issue();
const options = { cert: certPem, key: keyPem, minVersion: 'TLSv1.3', sessionIdContext: 'mcr' } as const;
const open: Server[] = [];
afterAll(() => open.forEach((server) => server.close()));

const newKey = () => randomBytes(48);

async function serverWith(tickets: SessionTickets): Promise<Server> {
  const server = createServer(options, (socket) => socket.on('error', () => {}).end('x'));
  tickets.attach(server);
  open.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return server;
}

interface Visit {
  readonly resumed: boolean;
  readonly ticket: Buffer;
  readonly exchange: ReturnType<TLSSocket['getEphemeralKeyInfo']>;
}

/** Connects, with a ticket or without; says whether it was taken, and returns the ticket that the server sends. */
async function visit(server: Server, session?: Buffer): Promise<Visit> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: ca.caPem,
    ...(session && { session }),
  });
  const [ticket] = (await once(socket, 'session')) as [Buffer];
  const resumed = socket.isSessionReused();
  const exchange = socket.getEphemeralKeyInfo();
  socket.destroy();
  return { resumed, ticket, exchange };
}

test('a ticket of one server resumes the session at another one with the same keys, and with no other keys', async () => {
  const keys = [newKey()];
  const [one, two] = [await serverWith(new SessionTickets(keys)), await serverWith(new SessionTickets(keys))];
  const stranger = await serverWith(new SessionTickets([newKey()]));
  const { ticket, resumed } = await visit(one);
  expect(resumed).toBe(false);
  expect((await visit(two, ticket)).resumed).toBe(true);
  expect((await visit(stranger, ticket)).resumed).toBe(false);
});

test('after a rotation tickets of the key before are accepted and renewed, and after another one they are not', async () => {
  const [first, second, third] = [newKey(), newKey(), newKey()];
  const tickets = new SessionTickets([first]);
  const server = await serverWith(tickets);
  const { ticket: old } = await visit(server);
  tickets.replace([second, first]);
  const { resumed, ticket: renewed } = await visit(server, old);
  expect(resumed).toBe(true);
  tickets.replace([third, second]);
  expect((await visit(server, old)).resumed).toBe(false);
  expect((await visit(server, renewed)).resumed).toBe(true);
});

test('a new certificate does not end the sessions', async () => {
  const tickets = new SessionTickets([newKey()]);
  const server = await serverWith(tickets);
  const { ticket } = await visit(server);
  const next = await ca.issue();
  server.setSecureContext({ ...options, cert: next.certPem, key: next.keyPem });
  tickets.attach(server);
  expect((await visit(server, ticket)).resumed).toBe(true);
});

test('a resumed session has a new key exchange', async () => {
  const server = await serverWith(new SessionTickets([newKey()]));
  const { ticket } = await visit(server);
  const { resumed, exchange } = await visit(server, ticket);
  expect(resumed).toBe(true);
  expect(exchange).toMatchObject({
    type: expect.stringMatching(/^(?:ECDH|TLSGroup)$/),
    name: expect.stringMatching(/./),
  });
});

test.each([[[]], [[Buffer.alloc(47)]], [[newKey(), Buffer.alloc(0)]]])('keys of other lengths are rejected', (keys) => {
  expect(() => new SessionTickets(keys)).toThrow('must have 48 bytes');
});
