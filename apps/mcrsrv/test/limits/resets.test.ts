import { constants } from 'node:http2';
import { frameType, RawHttp2 } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { logOf } from '../_util/log.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { rpcClients, rpcEnv } from '../_util/rpc.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { ...rpcEnv, MCR_SERVER_TRUSTED_PROXIES: '127.0.0.9' } });
const check = '/grpc.health.v1.Health/Check';
const calm = constants.NGHTTP2_ENHANCE_YOUR_CALM;

/** Begins and resets so many calls. */
async function reset(connection: RawHttp2, count: number): Promise<void> {
  await connection.send(...Array.from({ length: count }, () => connection.reset(check)));
}

describe('CVE-2023-44487: a client that resets its calls all the time', () => {
  test('is told to be calm, its connection ends, and hardly any of its calls is handled', async () => {
    const calls = () => logOf(server()).filter(({ route }) => route === check).length;
    const before = calls();
    await using connection = await RawHttp2.open(server(), { localAddress: '127.0.0.2' });
    await reset(connection, 3_000);
    await expect.poll(() => connection.ended, pollOptions).toBe(true);
    expect(connection.goodbyes[0]).toBe(calm);
    expect(await rpcClients(server()).health.check({})).toMatchObject({ status: 1 });
    expect(calls() - before).toBeLessThan(50);
    const metrics = await server().context.metrics.registry.metrics();
    expect(metrics).toContain('registry_connections_rejected_total{listener="rpc",reason="resets"} 1');
  });

  test('gains nothing by a new connection, and costs nothing to others', async () => {
    await using first = await RawHttp2.open(server(), { localAddress: '127.0.0.3' });
    await reset(first, 400);
    await expect.poll(() => first.ended, pollOptions).toBe(true);
    await using second = await RawHttp2.open(server(), { localAddress: '127.0.0.3' });
    await reset(second, 100);
    await expect.poll(() => second.goodbyes[0], pollOptions).toBe(calm);
    await using other = await RawHttp2.open(server(), { localAddress: '127.0.0.4' });
    await reset(other, 100);
    await other.send(other.call(check));
    await expect.poll(() => other.frames.some(({ type }) => type === frameType.data), pollOptions).toBe(true);
    expect(other.goodbyes).toEqual([]);
  });

  test('ends its own connection only, where many share the address of a proxy', async () => {
    await using first = await RawHttp2.open(server(), { localAddress: '127.0.0.9' });
    await reset(first, 400);
    await expect.poll(() => first.ended, pollOptions).toBe(true);
    await using second = await RawHttp2.open(server(), { localAddress: '127.0.0.9' });
    await reset(second, 100);
    await second.send(second.call(check));
    await expect.poll(() => second.frames.some(({ type }) => type === frameType.data), pollOptions).toBe(true);
  });
});

test('a client that cancels a few calls keeps its connection', async () => {
  await using connection = await RawHttp2.open(server(), { localAddress: '127.0.0.6' });
  await reset(connection, 150);
  await connection.send(connection.call(check));
  await expect.poll(() => connection.frames.some(({ type }) => type === frameType.data), pollOptions).toBe(true);
});
