import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { freePort } from '@mcr/testkit';
import { afterEach, expect, test } from 'vitest';
import { ask } from './_util/ask.ts';
import { startWeb, type Web } from './_util/web.ts';

const sockets: TLSSocket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) if (!socket.closed) await once(socket.destroy(), 'close');
});

/** Connects from an address of the loopback; returns whether the UI accepted the connection. */
async function connects({ url, ca }: Web, localAddress: string): Promise<boolean> {
  const to = { host: '127.0.0.1', port: Number(new URL(url).port), localAddress };
  const socket = connect({ ...to, ca: ca.caPem, servername: 'localhost' });
  sockets.push(socket.on('error', () => {}));
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once('secureConnect', () => resolve(true));
  socket.once('close', () => resolve(false));
  return await promise;
}

test('the connections of one address are limited, and leave room for others', async () => {
  const config = '[limits]\nconnections_per_address = 3';
  await using web = await startWeb({ grpcPort: await freePort(), config, trustedProxies: ['127.0.0.9'] });
  const taken = [];
  for (let count = 0; count < 5; count += 1) taken.push(await connects(web, '127.0.0.2'));
  expect(taken).toEqual([true, true, true, false, false]);
  expect(await ask(web, '/login', { localAddress: '127.0.0.3' })).toMatchObject({ status: 200 });
  expect(web.logged.filter(({ msg }) => msg === 'connections rejected')).toEqual([
    expect.objectContaining({ level: 'warn', reason: 'address', address: '127.0.0.2', connections: 1 }),
  ]);
  for (let count = 0; count < 5; count += 1) expect(await connects(web, '127.0.0.9')).toBe(true);
});
