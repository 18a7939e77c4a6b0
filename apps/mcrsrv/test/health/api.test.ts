import { expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { rpcClients, rpcEnv } from '../_util/rpc.ts';
import { startTestServer } from '../_util/server.ts';
import { rpcTransports, transports } from '../_util/transports.ts';

const api = useAdminApi();

test.each(transports)('Health and Ready over %s are for everyone', async (transport) => {
  const { admin } = api().over(transport, 'anonymous');
  expect(await admin.health({})).toMatchObject({ status: 'ok', version: expect.stringMatching(/\S/) });
  const ready = await admin.ready({});
  expect(ready).toMatchObject({ status: 'ready', checks: { database: 'ok', storage: 'ok' } });
  expect(Object.keys(ready.checks).toSorted()).toEqual(['database', 'storage']);
});

test.each(rpcTransports)('Health over %s says where the registry is', async (transport) => {
  const health = await api().over(transport, 'anonymous').admin.health({});
  expect(health.port).toBe(api().server.port);
  expect(health.publicUrl).toBeUndefined();
});

test('Health says the public URL when there is one', async () => {
  const publicUrl = 'https://registry.example.net';
  await using server = await startTestServer({ env: { ...rpcEnv, MCR_SERVER_PUBLIC_URL: publicUrl } });
  expect(await rpcClients(server).admin.health({})).toMatchObject({ publicUrl });
});
