import { Code } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { expectRejection } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';
import { families } from '../_util/transports.ts';

describe.each(families)('garbage collection over %s', (transport) => {
  const api = useAdminApi();
  const registry = () => api().over(transport).registry;

  test('has no last run before the first one', async () => {
    const status = await registry().getGCStatus({});
    expect(status).toMatchObject({ running: false, pending: { blobs: 0, bytes: 0n } });
    expect([status.lastRun, status.currentRun]).toEqual([undefined, undefined]);
    expect((await registry().listGCRuns({})).runs).toEqual([]);
  });

  test('starts, is followed, and leaves its events', async () => {
    const { server } = api();
    const { run } = await registry().garbageCollect({});
    expect(run?.id).toMatch(/^[0-9a-f-]{36}$/);
    if (transport !== 'REST') expect(run).toMatchObject({ state: 'running', reconcile: false, trigger: 'api' });
    await server.context.services.collector.finished();
    const { running, lastRun, currentRun } = await registry().getGCStatus({});
    const ended = {
      id: run?.id,
      state: 'completed',
      trigger: 'api',
      reconcile: false,
      bytesFreed: 0n,
      missingFiles: 0,
    };
    expect({ running, lastRun }).toMatchObject({ running: false, lastRun: ended });
    expect(lastRun?.blobsRemoved).toBe(0);
    expect(lastRun?.completedAt).toBeDefined();
    expect(currentRun).toBeUndefined();
    expect(await server.audit('gc_started')).toMatchObject([{ actor: { name: 'admin' } }]);
    expect(await server.audit('gc_completed')).toHaveLength(1);
  });

  test('runs once at a time', async () => {
    const { collector, store } = api().server.context.services;
    await store.coordination.acquireLease({ name: 'gc', owner: 'another process', duration: 60_000 });
    await expectRejection(registry().garbageCollect({}), Code.AlreadyExists, 'CONFLICT');
    await store.coordination.releaseLease({ name: 'gc', owner: 'another process' });
    await registry().garbageCollect({});
    await collector.finished();
  });

  test('reconciles when it is told to, and remembers its runs', async () => {
    await registry().garbageCollect({ reconcile: true });
    await api().server.context.services.collector.finished();
    expect((await registry().getGCStatus({})).lastRun).toMatchObject({ reconcile: true });
    const { runs } = await registry().listGCRuns({});
    expect(runs.map(({ reconcile }) => reconcile)).toEqual([true, false, false]);
    const pages = await rpcPages((pageToken) => registry().listGCRuns({ pageSize: 1, pageToken }));
    expect(pages.flatMap((page) => page.runs)).toEqual(runs);
  });

  test.each([{ pageSize: -1 }, { pageToken: Buffer.from('no-such-run').toString('base64url') }])(
    'rejects the page %j',
    async (page) => {
      await expectRejection(registry().listGCRuns(page), Code.InvalidArgument, 'PARAMETER_INVALID');
    },
  );
});

describe('garbage collection over REST alone', () => {
  const api = useAdminApi();

  test('needs no body, says where to follow it, and has a status of what is there', async () => {
    const { rest, server } = api();
    const pending = { blobs: 0, bytes: 0 };
    expect((await rest('admin').get('/v1/gc/status')).body).toEqual({ running: false, pending });
    const started = await rest('admin').post('/v1/gc');
    expect(started).toMatchObject({ status: 202, body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    expect(started.header('location')).toBe('/v1/gc/status');
    await server.context.services.collector.finished();
  });

  test.each<[string, unknown]>([
    ['a word for the flag', { reconcile: 'yes' }],
    ['an unknown field', { reconcile: true, force: true }],
    ['a list', []],
  ])('rejects %s', async (_name, body) => {
    expect((await api().rest('admin').post('/v1/gc', body)).status).toBe(400);
    expect((await api().rest('admin').get('/v1/gc/status')).body.running).toBe(false);
  });

  test('rejects the page after a run whose id is too long', async () => {
    expect(
      (
        await api()
          .rest('admin')
          .get(`/v1/gc/runs?before=${'x'.repeat(65)}`)
      ).status,
    ).toBe(400);
  });
});
