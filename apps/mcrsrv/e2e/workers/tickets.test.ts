import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { startWorkers } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { sharedResources } from '../shared.ts';
import { pidOf, pollOptions } from './_util.ts';

const registry = sharedResources().use(await startWorkers(2));

interface Visit {
  readonly worker: number;
  readonly resumed: boolean;
  readonly ticket: Buffer;
}

/** One request on a connection of its own, with a ticket or without. */
async function visit(ticket?: Buffer): Promise<Visit> {
  const { hostname: host, port } = new URL(registry.baseUrl);
  const socket = connect({ host, port: Number(port), ca: registry.ca, ...(ticket && { session: ticket }) });
  const connected = once(socket, 'secureConnect').then(() => socket.isSessionReused());
  const given = once(socket, 'session') as Promise<[Buffer]>;
  socket.write(`GET /v2/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const response = await text(socket);
  const requestId = /^x-request-id: (\S+)/im.exec(response)![1]!;
  return { worker: await registry.workerOf(requestId), resumed: await connected, ticket: (await given)[0] };
}

/** The same at a certain worker. */
async function visitOf(worker: number, ticket?: Buffer): Promise<Visit> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const found = await visit(ticket);
    if (found.worker === worker) return found;
  }
  throw new Error(`No connection has reached worker ${worker}`);
}

test('a session of one worker is resumed at the other one, and at the one that replaces it', async () => {
  const first = await visitOf(1);
  expect(first.resumed).toBe(false);
  expect((await visitOf(2, first.ticket)).resumed).toBe(true);
  expect((await visitOf(1, first.ticket)).resumed).toBe(true);
  const killed = await pidOf(registry, 2);
  process.kill(killed, 'SIGKILL');
  await expect.poll(() => pidOf(registry, 2).catch(() => killed), pollOptions).not.toBe(killed);
  await expect.poll(async () => (await visitOf(2, first.ticket)).resumed, pollOptions).toBe(true);
});

test('another registry does not take its tickets', async () => {
  const { ticket } = await visit();
  await registry.restart();
  expect((await visit(ticket)).resumed).toBe(false);
});
