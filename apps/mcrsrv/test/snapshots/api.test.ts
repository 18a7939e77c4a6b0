import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Code } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { expectRejection } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';
import { families } from '../_util/transports.ts';

const api = useAdminApi();

describe.each(families)('snapshots over %s', (transport) => {
  const admin = () => api().over(transport).admin;

  test('are written beside the database, for its owner only, and listed newest first', async () => {
    const { server } = api();
    const { snapshot: first } = await admin().snapshot({});
    expect(first?.name).toMatch(/^mcr-[0-9TZ-]+\.db$/);
    const file = await stat(join(server.directory, 'snapshots', first!.name));
    expect(BigInt(file.size)).toBe(first!.size);
    expect(file.mode & 0o777).toBe(0o600);
    const { snapshot: second } = await admin().snapshot({});
    const { snapshots } = await admin().listSnapshots({});
    expect(snapshots.slice(0, 2)).toEqual([second, first]);
    expect(snapshots[0]?.createdAt).toBeDefined();
    const pages = await rpcPages((pageToken) => admin().listSnapshots({ pageSize: 1, pageToken }));
    expect(pages.flatMap((page) => page.snapshots)).toEqual(snapshots);
    expect((await server.audit('snapshot_created'))[0]).toMatchObject({
      actor: { name: 'admin' },
      details: { snapshot: second!.name },
    });
  });

  test('have no negative page', async () => {
    await expectRejection(admin().listSnapshots({ pageSize: -1 }), Code.InvalidArgument, 'PARAMETER_INVALID');
  });
});

test.each(['n=x', 'last=1&last=2'])('snapshots over REST have no page ?%s', async (query) => {
  expect((await api().rest('admin').get(`/v1/snapshots?${query}`)).status).toBe(400);
});
