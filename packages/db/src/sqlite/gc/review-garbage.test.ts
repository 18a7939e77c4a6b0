import { digestOf } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { app, day, isIn, locatorOf, publish, push, reviewAll, start, trashed } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();

async function openBoth() {
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path });
  const sqlite = new Sqlite(path);
  return { store, sqlite, [Symbol.asyncDispose]: () => store.close().then(() => void sqlite.close()) };
}

test('the foreign key has the last word: a blob stays that a row refers to of which the review knows nothing', async () => {
  await using both = await openBoth();
  const { store, sqlite } = both;
  for (const text of ['pinned', 'free']) await publish(store, app, text);
  sqlite.exec(`CREATE TABLE pins (blob_id INTEGER REFERENCES blobs (id) ON DELETE RESTRICT);
    INSERT INTO pins SELECT id FROM blobs WHERE digest = '${digestOf('pinned')}'`);
  expect(await store.gc.review({ now: start + day, limit: 10 })).toMatchObject({ reviewed: 2, blobsRemoved: 1 });
  expect(await store.blobs.isLocatorUsed(locatorOf(digestOf('pinned')))).toBe(true);
  expect(await trashed(store)).toEqual([locatorOf(digestOf('free'))]);
  expect(await store.gc.review({ now: start + day, limit: 10 })).toMatchObject({ reviewed: 0 });
});

test('reconciling queues an unreferenced blob that the queue has lost, and no other', async () => {
  await using both = await openBoth();
  const { store, sqlite } = both;
  for (const text of ['referenced', 'forgotten']) await publish(store, app, text);
  await push(store, app, 'manifest', { blobs: [digestOf('referenced')] });
  sqlite.exec('DELETE FROM gc_queue');
  expect(await reviewAll(store, start + day)).toMatchObject({ reviewed: 0 });
  const slice = await store.gc.auditBlobs({ page: { limit: 10 }, reviewAfter: start + 2 * day, now: start + day });
  expect(slice).toHaveLength(2);
  expect(await reviewAll(store, start + 2 * day - 1)).toMatchObject({ reviewed: 0 });
  expect(await reviewAll(store, start + 2 * day)).toMatchObject({ reviewed: 1, blobsRemoved: 1 });
  expect(await isIn(store, app, digestOf('referenced'), start + 2 * day)).toBe(true);
});

test('reconciling sweeps leases that have expired, and no others', async () => {
  await using both = await openBoth();
  const { store, sqlite } = both;
  for (const [text, leasedUntil] of [
    ['old', start + 1],
    ['new', start + day],
  ] as const) {
    await publish(store, app, text, { leasedUntil });
  }
  await store.gc.auditBlobs({ page: { limit: 10 }, reviewAfter: start, now: start + 1 });
  expect(sqlite.prepare('SELECT leased_until FROM blob_links').pluck().all()).toEqual([start + day]);
});

test('no row refers to a blob, a manifest or a repository that is not there', async () => {
  await using both = await openBoth();
  const { store, sqlite } = both;
  await publish(store, app, 'layer');
  const digest = await push(store, app, 'manifest', { blobs: [digestOf('layer')], children: ['sha256:child'] });
  await store.manifests.delete({ actor: {}, now: start, repository: app, digest, reviewAfter: start });
  await reviewAll(store, start + day);
  const tables = ['manifests', 'manifest_blobs', 'manifest_children', 'blobs', 'blob_links', 'gc_queue'];
  for (const table of tables) expect(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  expect(sqlite.pragma('foreign_key_check')).toEqual([]);
});
