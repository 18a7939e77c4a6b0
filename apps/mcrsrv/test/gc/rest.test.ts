import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useDoors } from '../_util/doors.ts';
import { seedImage } from '../_util/images.ts';

const doors = useDoors();

describe('garbage collection', () => {
  test('has no last run before the first one', async () => {
    const { status, body } = await doors().rest('admin').get('/v1/gc/status');
    expect({ status, body }).toEqual({ status: 200, body: { running: false, pending: { blobs: 0, bytes: 0 } } });
    expect((await doors().rest('admin').get('/v1/gc/runs')).body).toEqual({ runs: [] });
  });

  test('starts, is followed, and leaves its events', async () => {
    const { server, rest } = doors();
    const started = await rest('admin').post('/v1/gc');
    expect(started).toMatchObject({ status: 202, body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    expect(started.header('location')).toBe('/v1/gc/status');
    await server.context.services.collector.finished();
    const { body } = await rest('admin').get('/v1/gc/status');
    expect(body).toMatchObject({
      running: false,
      last_run: { id: started.body.id, state: 'completed', trigger: 'api', reconcile: false, blobs_removed: 0 },
    });
    expect(await server.audit('gc_started')).toMatchObject([{ actor: { name: 'admin' } }]);
    expect(await server.audit('gc_completed')).toHaveLength(1);
  });

  test('runs once at a time: the second trigger is 409', async () => {
    const { server, rest } = doors();
    const { store } = server.context.services;
    const now = Date.now();
    await store.coordination.acquireLease({ name: 'gc', owner: 'another process', until: now + 60_000, now });
    expect(await rest('admin').post('/v1/gc', {})).toMatchObject({ status: 409, body: { error: expect.any(String) } });
    await store.coordination.releaseLease({ name: 'gc', owner: 'another process' });
    expect((await rest('admin').post('/v1/gc', {})).status).toBe(202);
    await server.context.services.collector.finished();
  });

  test('reconciles when it is told to', async () => {
    const { server, rest } = doors();
    expect((await rest('admin').post('/v1/gc', { reconcile: true })).status).toBe(202);
    await server.context.services.collector.finished();
    expect((await rest('admin').get('/v1/gc/status')).body.last_run).toMatchObject({ reconcile: true });
    const pages = await rest('admin').pages('/v1/gc/runs?n=1');
    const whole = (await rest('admin').get('/v1/gc/runs')).body.runs;
    expect(pages.flatMap(({ runs }) => runs)).toEqual(whole);
    expect(whole).toHaveLength(3);
    expect(whole[0]).toMatchObject({ reconcile: true });
  });

  test.each<[string, unknown]>([
    ['a word for the flag', { reconcile: 'yes' }],
    ['an unknown field', { reconcile: true, force: true }],
    ['a list', []],
  ])('refuses %s', async (_name, body) => {
    expect((await doors().rest('admin').post('/v1/gc', body)).status).toBe(400);
    expect((await doors().rest('admin').get('/v1/gc/status')).body.running).toBe(false);
  });

  test.each(['n=-1', 'before=no-such-run', `before=${'x'.repeat(65)}`])('refuses the page ?%s', async (query) => {
    expect((await doors().rest('admin').get(`/v1/gc/runs?${query}`)).status).toBe(400);
  });
});

describe('snapshots', () => {
  test('are written beside the database, for its owner only, and listed newest first', async () => {
    const { server, rest } = doors();
    const first = await rest('admin').post('/v1/snapshots');
    expect(first).toMatchObject({ status: 201, body: { name: expect.stringMatching(/^mcr-[0-9TZ-]+\.db$/) } });
    expect(Object.keys(first.body)).toEqual(['name', 'size', 'created_at']);
    const file = await stat(join(server.directory, 'snapshots', first.body.name));
    expect(file).toMatchObject({ size: first.body.size });
    expect(file.mode & 0o777).toBe(0o600);
    const second = await rest('admin').post('/v1/snapshots');
    const { body } = await rest('admin').get('/v1/snapshots');
    const names = [second.body.name, first.body.name];
    expect(body.snapshots.map(({ name }: { name: string }) => name)).toEqual(names);
    const pages = await rest('admin').pages('/v1/snapshots?n=1');
    expect(pages.flatMap(({ snapshots }) => snapshots)).toEqual(body.snapshots);
    expect((await server.audit('snapshot_created'))[0]).toMatchObject({
      actor: { name: 'admin' },
      details: { snapshot: second.body.name },
    });
  });

  test.each(['n=x', 'last=1&last=2'])('refuse the page ?%s', async (query) => {
    expect((await doors().rest('admin').get(`/v1/snapshots?${query}`)).status).toBe(400);
  });
});

test('statistics count what is stored', async () => {
  const { server, rest } = doors();
  const before = (await rest('admin').get('/v1/statistics')).body;
  expect(before).toMatchObject({ repositories: 0, manifests: 0, tags: 0, blobs: 0, blob_bytes: 0, uploads: 0 });
  const image = await seedImage(server, 'counted/app', ['v1', 'v2']);
  expect((await rest('admin').get('/v1/statistics')).body).toEqual({
    repositories: 1,
    manifests: 1,
    tags: 2,
    blobs: image.blobs.length,
    blob_bytes: image.blobs.reduce((sum, { size }) => sum + size, 0),
    uploads: 0,
  });
});
