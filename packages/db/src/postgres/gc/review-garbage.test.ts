import { digestOf, RegistryError } from '@mcr/core';
import { requirePostgres, sharedPostgres } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { app, day, isIn, locatorOf, other, publish, push, reviewAll, start, trashed } from '../../testing/fixtures.ts';
import { openStoreAndSession } from '../testing/store-and-session.ts';

const blobOf = (text: string) => `SELECT id FROM blobs WHERE digest = '${digestOf(text)}'`;

describe.skipIf(!requirePostgres(15))('garbage collection', () => {
  beforeAll(() => sharedPostgres(15), 120_000);

  test('waits for no push: what one has locked is left for the next review', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    for (const text of ['pushed', 'garbage']) await publish(store, app, text);
    await run('BEGIN');
    await run(`${blobOf('pushed')} FOR KEY SHARE`);
    expect(await store.gc.review({ now: start + day, limit: 10 })).toMatchObject({ reviewed: 1, blobsRemoved: 1 });
    await run('COMMIT');
    expect(await store.gc.review({ now: start + day, limit: 10 })).toMatchObject({ reviewed: 1, blobsRemoved: 1 });
  });

  test('leaves the last word to the foreign keys: a blob stays that a row refers to of which the review knows nothing', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    for (const text of ['pinned', 'free']) await publish(store, app, text);
    await run('CREATE TABLE pins (blob_id bigint REFERENCES blobs (id) ON DELETE RESTRICT)');
    await run(`INSERT INTO pins ${blobOf('pinned')}`);
    expect(await store.gc.review({ now: start + day, limit: 10 })).toMatchObject({ reviewed: 2, blobsRemoved: 1 });
    expect(await store.blobs.isLocatorUsed(locatorOf(digestOf('pinned')))).toBe(true);
    expect(await trashed(store)).toEqual([locatorOf(digestOf('free'))]);
    expect(await store.gc.review({ now: start + day, limit: 10 })).toMatchObject({ reviewed: 0 });
  });

  test('removes a thousand leases at a time, and a blob with more stays due', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    await publish(store, app, 'base', { leasedUntil: start + 1 });
    await run(`INSERT INTO repositories (name, created_at) SELECT 'team/' || n, 0 FROM generate_series(1, 1500) n`);
    await run(`INSERT INTO blob_links SELECT r.id, b.id, $1 FROM repositories r, blobs b WHERE r.name <> $2`, [
      start,
      app,
    ]);
    const review = () => store.gc.review({ now: start + day, limit: 10 });
    expect(await review()).toEqual({ reviewed: 1, blobsRemoved: 0, bytesFreed: 0, linksExpired: 1_000 });
    expect(await review()).toEqual({ reviewed: 1, blobsRemoved: 1, bytesFreed: 4, linksExpired: 501 });
  });

  test('reconciling queues an unreferenced blob that the queue has lost, and no other, and sweeps expired leases', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    for (const text of ['referenced', 'forgotten']) await publish(store, app, text, { leasedUntil: start + 1 });
    await publish(store, other, 'referenced', { leasedUntil: start + 2 * day });
    await push(store, app, 'manifest', { blobs: [digestOf('referenced')] });
    await run('DELETE FROM gc_queue');
    expect(await reviewAll(store, start + day)).toMatchObject({ reviewed: 0 });
    const slice = await store.gc.auditBlobs({ page: { limit: 10 }, reviewAfter: start + 2 * day, now: start + day });
    expect(slice).toHaveLength(2);
    expect(await run('SELECT leased_until FROM blob_links')).toEqual([{ leased_until: String(start + 2 * day) }]);
    expect(await reviewAll(store, start + 2 * day - 1)).toMatchObject({ reviewed: 0 });
    expect(await reviewAll(store, start + 2 * day)).toMatchObject({ reviewed: 1, blobsRemoved: 1 });
    expect(await isIn(store, app, digestOf('referenced'), start + 2 * day)).toBe(true);
  });

  test('bytes are either swept or put on record, also by two processes at the same moment', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    for (let n = 0; n < 20; n += 1) {
      const locator = `place ${n}`;
      const [swept, published] = await Promise.all([
        store.gc.sweep({ locator, size: 1, kind: 'orphan', now: start }),
        publish(store, app, `blob ${n}`, { locator }).catch((error: unknown) => error),
      ]);
      expect(published instanceof RegistryError).toBe(swept);
    }
    expect(await run('SELECT locator FROM blobs JOIN blob_trash USING (locator)')).toEqual([]);
  });
});
