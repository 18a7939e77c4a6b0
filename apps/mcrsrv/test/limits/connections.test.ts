import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { RawConnection } from '@mcr/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { logOf } from '../_util/log.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { rpcEnv } from '../_util/rpc.ts';
import { useServer } from '../_util/use-server.ts';

const most = 3;
const server = useServer({
  env: {
    ...rpcEnv,
    MCR_SERVER_METRICS_ADDR: '127.0.0.1:0',
    MCR_SERVER_TRUSTED_PROXIES: '127.0.0.9',
    MCR_LIMITS_CONNECTIONS_PER_ADDRESS: String(most),
  },
});
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) if (!socket.closed) await once(socket.destroy(), 'close');
});

/** Connects from an address of the loopback; whether the listener took the connection. */
async function connects(listener: 'registry' | 'rpc' | 'metrics', localAddress: string): Promise<boolean> {
  const { port, grpcPort, metricsPort, ca } = server();
  const to = {
    host: '127.0.0.1',
    localAddress,
    port: { registry: port, rpc: grpcPort, metrics: metricsPort }[listener],
  };
  const isPlain = listener === 'metrics';
  const socket = isPlain ? connectPlain(to) : connectTls({ ...to, ca, servername: 'localhost' });
  sockets.push(socket.on('error', () => {}));
  if (isPlain) socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once(isPlain ? 'data' : 'secureConnect', () => resolve(true));
  socket.once('close', () => resolve(false));
  return await promise;
}

describe.each(['registry', 'rpc', 'metrics'] as const)('the %s listener', (listener) => {
  test('takes so many connections of one address, and those of others beside them', async () => {
    const taken = [];
    for (let count = 0; count < most + 2; count += 1) taken.push(await connects(listener, '127.0.0.2'));
    expect(taken).toEqual([true, true, true, false, false]);
    expect(await connects(listener, '127.0.0.3')).toBe(true);
    const metrics = await server().context.metrics.registry.metrics();
    expect(metrics).toContain(`registry_connections_rejected_total{listener="${listener}",reason="address"} 2`);
    expect(logOf(server()).filter((line) => line['listener'] === listener)).toEqual([
      expect.objectContaining({ level: 'warn', msg: 'connections rejected', reason: 'address', address: '127.0.0.2' }),
    ]);
  });

  test('takes any number of a trusted proxy', async () => {
    for (let count = 0; count < most + 2; count += 1) expect(await connects(listener, '127.0.0.9')).toBe(true);
  });
});

test('a place is free again when its connection has ended, or has failed to begin TLS', async () => {
  const open = () => RawConnection.open(server(), { localAddress: '127.0.0.4' });
  for (let count = 0; count < most; count += 1) {
    const plain = connectPlain({ port: server().port, host: '127.0.0.1', localAddress: '127.0.0.4' });
    plain.on('error', () => {}).resume();
    plain.write('this is no TLS\r\n\r\n');
    await once(plain, 'close');
  }
  for (let round = 0; round < 2 * most; round += 1) {
    const opened = async () => {
      await using connection = await open();
      return connection.socket.authorized;
    };
    await expect.poll(() => opened().catch(() => false), pollOptions).toBe(true);
  }
});
