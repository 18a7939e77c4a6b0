import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { SqliteMetadataStore } from '@mcr/db';
import { DiskBlobStore } from '@mcr/storage';
import { layerFiles } from '@mcr/stress';
import { blobOf, buildImage, createOciClient, type OciClient, pushImage, seededBytes } from '@mcr/testkit';
import { beforeEach, expect, test } from 'vitest';
import { diskOf } from '../../src/blob-stores.ts';
import { startTestServer, type TestServer, testPassword } from '../_util/server.ts';
import { type RegistryDirectory, registryDirectory } from './_directory.ts';
import { gracePeriod, TestClock } from './_registry.ts';
import { Steps } from './_steps.ts';

/** A server over TLS whose clock and whose calls to database and storage the test has in hand. */
let place: { server: TestServer; directory: RegistryDirectory; steps: Steps; clock: TestClock; admin: OciClient };

beforeEach(async () => {
  await using cleanup = new AsyncDisposableStack();
  const directory = cleanup.use(await registryDirectory());
  const [steps, clock] = [new Steps(), new TestClock()];
  const store = steps.watch(await SqliteMetadataStore.open({ path: join(directory.path, 'mcr.db') }));
  const blobs = steps.watch(await DiskBlobStore.open(diskOf(directory.config.storage)));
  const env = { MCR_GC_GRACE_PERIOD: '1h', MCR_GC_UPLOAD_TTL: '1h' };
  const server = cleanup.use(await startTestServer({ overrides: { store, blobs, clock }, env }));
  const { baseUrl, ca } = server;
  const admin = cleanup.use(createOciClient({ baseUrl, ca, username: 'admin', password: testPassword }));
  place = { server, directory, steps, clock, admin };
  const owned = cleanup.move();
  return () => owned.disposeAsync();
});

const json = { 'content-type': 'application/json' };

/** Triggers a collection through the API and waits for its end. */
async function collect(body?: object) {
  const response = await place.admin.request('POST', '/v1/gc', body && { body: JSON.stringify(body), headers: json });
  expect(response.status).toBe(202);
  await place.server.context.services.collector.finished();
  const { last_run: lastRun } = (await place.admin.request('GET', '/v1/gc/status')).json();
  expect(lastRun.id).toBe(response.json().id);
  return lastRun;
}

test('the status says what waits after a deletion, how many bytes, and until when', async () => {
  const { admin, clock } = place;
  const pending = async () => (await admin.request('GET', '/v1/gc/status')).json().pending;
  const image = await buildImage({ layers: [seededBytes('layer', 2_000)] });
  expect((await pushImage(admin, 'team/app', 'latest', image)).status).toBe(201);
  expect(await pending()).toEqual({ blobs: 0, bytes: 0 });

  const path = `/v1/repositories/team/app/manifests/${image.manifest.digest}`;
  expect((await admin.request('DELETE', path)).status).toBe(204);
  const dueAt = new Date(clock.now() + gracePeriod).toISOString();
  const bytes = image.blobs.reduce((sum, { size }) => sum + size, 0);
  expect(await pending()).toEqual({ blobs: 2, bytes, first_due_at: dueAt, last_due_at: dueAt });

  clock.advance(gracePeriod);
  expect(await collect()).toMatchObject({ blobs_removed: 2, bytes_freed: bytes });
  expect(await pending()).toEqual({ blobs: 0, bytes: 0 });
});

test('a collection removes unreferenced blobs after the grace period and keeps referenced ones', async () => {
  const { admin, clock, directory } = place;
  const image = await buildImage({ layers: [seededBytes('layer', 2_000)] });
  expect((await pushImage(admin, 'team/app', 'latest', image)).status).toBe(201);
  expect((await admin.pushBlob('team/app', blobOf('garbage'))).status).toBe(201);

  expect(await collect()).toMatchObject({ blobs_removed: 0, bytes_freed: 0 });
  clock.advance(gracePeriod);
  expect(await collect()).toMatchObject({ blobs_removed: 1, bytes_freed: 7 });
  expect((await admin.getBlob('team/app', digestOf('garbage'))).status).toBe(404);
  expect(await layerFiles(directory.path)).toHaveLength(2);

  expect((await admin.deleteManifest('team/app', image.manifest.digest)).status).toBe(202);
  expect(await collect()).toMatchObject({ blobs_removed: 0 });
  clock.advance(gracePeriod);
  expect(await collect()).toMatchObject({ blobs_removed: 2 });
  expect(await layerFiles(directory.path)).toEqual([]);
});

test('a manifest without tags is kept, with its blobs', async () => {
  const { admin, clock } = place;
  const [first, second] = await Promise.all(
    ['one', 'two'].map((text) => buildImage({ layers: [seededBytes(text, 100)] })),
  );
  for (const image of [first!, second!]) await pushImage(admin, 'team/app', 'latest', image);
  clock.advance(2 * gracePeriod);
  expect(await collect({ reconcile: true })).toMatchObject({ blobs_removed: 0 });
  expect((await admin.getManifest('team/app', first!.manifest.digest)).status).toBe(200);
  for (const { digest } of first!.blobs) expect(await admin.hashBlob('team/app', digest)).toMatchObject({ digest });
});

test('a reconcile removes files that no blob owns, once they are old, and reports blobs without their bytes', async () => {
  const { admin, clock, directory, server } = place;
  const { blobs } = server.context.services;
  await pushImage(admin, 'team/app', 'latest', await buildImage({ layers: [seededBytes('kept', 100)] }));
  const kept = await layerFiles(directory.path);
  const { locator: orphan } = await blobs.seal([], digestOf(''), 0);
  expect(await collect({ reconcile: true })).toMatchObject({ orphans_removed: 0 });
  clock.advance(2 * gracePeriod);
  expect(await collect()).toMatchObject({ orphans_removed: 0 });
  expect(await layerFiles(directory.path)).toEqual([...kept, orphan].toSorted());
  expect(await collect({ reconcile: true })).toMatchObject({ orphans_removed: 1, missing_files: 0 });
  expect(await layerFiles(directory.path)).toEqual(kept);

  await admin.pushBlob('team/app', blobOf('lost'));
  const record = await server.context.services.store.blobs.find('team/app' as never, digestOf('lost'), clock.now());
  await blobs.remove(record!.locator);
  expect(await collect({ reconcile: true })).toMatchObject({ state: 'completed', missing_files: 1 });
});

test('a second trigger is rejected while a collection is running, which the status shows', async () => {
  const { admin, steps, server } = place;
  const reviewing = steps.holdBefore('gc.review');
  const first = await admin.request('POST', '/v1/gc');
  expect(first.status).toBe(202);
  await reviewing.reached;
  const second = await admin.request('POST', '/v1/gc');
  expect(second.status).toBe(409);
  expect(second.json()).toEqual({ error: 'A garbage collection is running already' });
  expect((await admin.request('GET', '/v1/gc/status')).json()).toMatchObject({ running: true });
  reviewing.release();
  await server.context.services.collector.finished();
  expect((await admin.request('GET', '/v1/gc/status')).json()).toMatchObject({ running: false });
  expect((await admin.request('GET', '/v1/gc/runs')).json().runs).toHaveLength(1);
});

test('a client that saw a collection end may start the next one at once', async () => {
  const { admin, steps, server } = place;
  const releasing = steps.holdBefore('coordination.releaseLease');
  await admin.request('POST', '/v1/gc');
  await releasing.reached;
  expect((await admin.request('GET', '/v1/gc/status')).json()).toMatchObject({ running: false });
  const second = admin.request('POST', '/v1/gc');
  // The request has arrived before the first run lets go.
  await admin.request('GET', '/v1/gc/status');
  releasing.release();
  expect((await second).status).toBe(202);
  expect(await server.context.services.collector.finished()).toMatchObject({ state: 'completed' });
});

test('the audit log says who started a collection, and how it ended', async () => {
  const { admin } = place;
  const { id } = await collect();
  const started = (await admin.request('GET', '/v1/audit?event_type=gc_started')).json();
  const completed = (await admin.request('GET', '/v1/audit?event_type=gc_completed')).json();
  expect(JSON.stringify(started)).toContain(id);
  expect(JSON.stringify(started)).toContain('admin');
  expect(JSON.stringify(completed)).toContain('"state":"completed"');
});

test('only administrators may collect garbage', async () => {
  const { server } = place;
  await server.addAccount('dev', { roles: ['user'] });
  const { baseUrl, ca } = server;
  await using dev = createOciClient({ baseUrl, ca, username: 'dev', password: testPassword });
  expect((await dev.request('POST', '/v1/gc')).status).toBe(403);
  expect((await dev.request('GET', '/v1/gc/status')).status).toBe(403);
});
