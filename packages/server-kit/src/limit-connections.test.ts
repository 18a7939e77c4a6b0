import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type ConnectionBounds, limitConnections } from './limit-connections.ts';

const pollOptions = { interval: 20, timeout: 20_000 };
const clients: Socket[] = [];
let server: Server;
let accepted: Socket[];
let rejected: [reason: string, address: string][];

afterEach(async () => {
  for (const socket of [...clients.splice(0), ...accepted]) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function listen(bounds: Partial<ConnectionBounds>): Promise<void> {
  [accepted, rejected] = [[], []];
  server = createServer((socket) => {
    accepted.push(socket.on('error', () => {}).resume());
  });
  const onReject = (reason: string, address: string) => void rejected.push([reason, address]);
  limitConnections(server, { total: 100, perAddress: 2, isExempt: () => false, onReject, ...bounds });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** Connects from an address of the loopback; resolves when that is accepted or rejected. */
async function open(localAddress = '127.0.0.1'): Promise<Socket> {
  const seen = accepted.length + rejected.length;
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  clients.push(socket.on('error', () => {}).resume());
  await expect.poll(() => accepted.length + rejected.length, pollOptions).toBe(seen + 1);
  return socket;
}

describe('limitConnections', () => {
  test('closes connections of one address beyond its bound, and leaves others and open ones alone', async () => {
    await listen({});
    const first = await open();
    await open();
    const third = await open();
    await expect.poll(() => third.closed, pollOptions).toBe(true);
    expect(rejected).toEqual([['address', '127.0.0.1']]);
    await open('127.0.0.2');
    expect(accepted).toHaveLength(3);
    expect(accepted.some(({ destroyed }) => destroyed)).toBe(false);

    const closed = once(accepted[0]!, 'close');
    first.destroy();
    await closed;
    await open();
    expect(accepted).toHaveLength(4);
  });

  test('never lets one address have more than half of the total', async () => {
    await listen({ total: 4, perAddress: 1_000 });
    for (let count = 0; count < 3; count += 1) await open();
    expect([accepted.length, rejected.length]).toEqual([2, 1]);
  });

  test('has no limit per address if that is 0, but still one of the total', async () => {
    await listen({ total: 4, perAddress: 0 });
    for (let count = 0; count < 5; count += 1) await open();
    expect(accepted).toHaveLength(4);
    expect(rejected).toEqual([['total', '127.0.0.1']]);
  });

  test('exempts a proxy', async () => {
    await listen({ isExempt: (address) => address === '127.0.0.1' });
    for (let count = 0; count < 5; count += 1) await open();
    for (let count = 0; count < 3; count += 1) await open('127.0.0.2');
    expect(accepted).toHaveLength(7);
    expect(rejected).toEqual([['address', '127.0.0.2']]);
  });
});
