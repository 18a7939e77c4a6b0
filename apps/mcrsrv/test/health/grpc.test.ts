import { Code } from '@connectrpc/connect';
import { HealthCheckResponse_ServingStatus as Status } from '@mcr/rpc/grpc/health/v1/health_pb';
import { describe, expect, test } from 'vitest';
import { expectRejection, rpcClients, rpcEnv, services } from '../_util/rpc.ts';
import { startTestServer } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: rpcEnv });
const health = () => rpcClients(server()).health;
const names = ['', ...services.map(({ typeName }) => typeName)];

describe('grpc.health.v1.Health', () => {
  test.each(names)('says that "%s" serves', async (service) => {
    expect((await health().check({ service })).status).toBe(Status.SERVING);
  });

  test('does not know other services', async () => {
    await expectRejection(health().check({ service: 'mcr.v1.NoService' }), Code.NotFound, 'NOT_FOUND');
  });

  test('lists them all', async () => {
    const { statuses } = await health().list({});
    expect(new Set(Object.keys(statuses))).toEqual(new Set(names));
    for (const { status } of Object.values(statuses)) expect(status).toBe(Status.SERVING);
  });

  test('tells a watcher at once, and again when the server begins to stop', async () => {
    const own = await startTestServer({ env: rpcEnv });
    const seen: Status[] = [];
    const unknown: Status[] = [];
    let disposed: Promise<void> | undefined;
    const watching = (async () => {
      for await (const { status } of rpcClients(own).health.watch({ service: 'mcr.v1.AdminService' })) {
        seen.push(status);
        if (seen.length === 1 && unknown.length === 1) disposed = Promise.resolve(own[Symbol.asyncDispose]());
      }
    })();
    for await (const { status } of rpcClients(own).health.watch({ service: 'no.such.Service' })) {
      unknown.push(status);
      if (seen.length === 1 && unknown.length === 1) disposed ??= Promise.resolve(own[Symbol.asyncDispose]());
    }
    await watching;
    await disposed;
    expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING]);
    expect(unknown).toEqual([Status.SERVICE_UNKNOWN]);
  });

  test('lets go of a watcher that leaves', async () => {
    const gone = new AbortController();
    const messages = health().watch({}, { signal: gone.signal })[Symbol.asyncIterator]();
    expect((await messages.next()).value).toMatchObject({ status: Status.SERVING });
    gone.abort();
    await expect(messages.next()).rejects.toMatchObject({ code: Code.Canceled });
  });
});
