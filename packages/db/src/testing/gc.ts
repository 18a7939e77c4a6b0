import { digestOf } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import {
  app,
  change,
  day,
  hour,
  isIn,
  lastEvent,
  latest,
  locatorOf,
  minute,
  other,
  publish,
  push,
  reviewAll,
  start,
  trashed,
} from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function gcContract(current: CurrentStore): void {
  const layer = digestOf('layer');
  const remove = { ...change, repository: app, reviewAfter: start + day };

  describe('review', () => {
    test('collects a blob that nothing references once its review is due', async () => {
      const { store } = current;
      const { locator } = await publish(store, app, 'layer');
      expect(await store.gc.review({ now: start + day - 1, limit: 10 })).toEqual({
        reviewed: 0,
        blobsRemoved: 0,
        bytesFreed: 0,
        linksExpired: 0,
      });
      expect(await store.gc.review({ now: start + day, limit: 10 })).toEqual({
        reviewed: 1,
        blobsRemoved: 1,
        bytesFreed: 5,
        linksExpired: 1,
      });
      expect(await store.gc.listTrash({ limit: 10 })).toEqual([{ locator, size: 5, attempts: 0, kind: 'blob' }]);
      expect(await store.blobs.isLocatorUsed(locator)).toBe(false);
    });

    test('a referenced blob stays and leaves the queue', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      await push(store, app, 'manifest', { blobs: [layer] });
      expect(await store.gc.review({ now: start + day, limit: 10 })).toMatchObject({
        reviewed: 1,
        blobsRemoved: 0,
      });
      expect(await store.gc.review({ now: start + day, limit: 10 })).toMatchObject({ reviewed: 0 });
      expect(await isIn(store, app, layer, start + day)).toBe(true);
    });

    test('a leased blob stays and is looked at again when the lease ends', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { leasedUntil: start + 2 * day });
      await store.blobs.mount({ ...remove, from: app, repository: other, digest: layer, leasedUntil: start + 3 * day });
      expect(await reviewAll(store, start + day)).toMatchObject({ reviewed: 1, blobsRemoved: 0, linksExpired: 0 });
      expect(await reviewAll(store, start + 3 * day - 1)).toMatchObject({ reviewed: 0 });
      expect(await reviewAll(store, start + 3 * day)).toMatchObject({ reviewed: 1, blobsRemoved: 1, linksExpired: 2 });
    });

    test('looks at no more than its limit, the longest due first', async () => {
      const { store } = current;
      for (const n of [3, 1, 2])
        await publish(store, app, `layer ${n}`, { leasedUntil: start + 1, reviewAfter: start + n });
      expect(await store.gc.review({ now: start + day, limit: 2 })).toMatchObject({ reviewed: 2, blobsRemoved: 2 });
      expect(await store.blobs.isLocatorUsed(locatorOf(digestOf('layer 3')))).toBe(true);
      expect(await store.gc.review({ now: start + day, limit: 0 })).toMatchObject({ reviewed: 0 });
    });

    test.each([
      ['deleting its manifest', () => current.store.manifests.delete({ ...remove, digest: digestOf('manifest') })],
      ['deleting its repository', () => current.store.repositories.delete(remove)],
      ['deleting the blob', () => current.store.blobs.delete({ ...remove, digest: layer })],
    ])('%s makes a blob garbage after the grace period', async (_, orphan) => {
      const { store } = current;
      await publish(store, app, 'layer', { reviewAfter: start });
      await push(store, app, 'manifest', { blobs: [layer], tags: [latest] });
      await reviewAll(store, start);
      await orphan();
      expect(await reviewAll(store, start + day - 1)).toMatchObject({ reviewed: 0 });
      expect(await reviewAll(store, start + day)).toMatchObject({ blobsRemoved: 1 });
    });

    test('of two due dates the later wins', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { reviewAfter: start + 2 * day });
      await publish(store, app, 'layer', { reviewAfter: start + day });
      expect(await reviewAll(store, start + 2 * day - 1)).toMatchObject({ reviewed: 0 });
      expect(await reviewAll(store, start + 2 * day)).toMatchObject({ reviewed: 1 });
    });
  });

  describe('pending', () => {
    test('is nothing in an empty store', async () => {
      expect(await current.store.gc.pending()).toEqual({ blobs: 0, bytes: 0 });
    });

    test('counts blobs that no manifest references, and says when the first and the last may go', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { reviewAfter: start + day });
      await publish(store, app, 'another', { reviewAfter: start + 2 * day });
      const waiting = { blobs: 2, bytes: 12, firstDueAt: start + day, lastDueAt: start + 2 * day };
      expect(await store.gc.pending()).toEqual(waiting);
      await push(store, app, 'manifest', { blobs: [layer] });
      const dueAt = start + 2 * day;
      expect(await store.gc.pending()).toEqual({ blobs: 1, bytes: 7, firstDueAt: dueAt, lastDueAt: dueAt });
    });

    test.each([
      ['its only manifest', () => current.store.manifests.delete({ ...remove, digest: digestOf('manifest') })],
      ['its only repository', () => current.store.repositories.delete(remove)],
    ])('a blob that loses %s waits until it is collected, its bytes until they are gone', async (_, orphan) => {
      const { store } = current;
      await publish(store, app, 'layer', { reviewAfter: start });
      await push(store, app, 'manifest', { blobs: [layer] });
      await reviewAll(store, start);
      expect(await store.gc.pending()).toEqual({ blobs: 0, bytes: 0 });
      await orphan();
      const dueAt = start + day;
      expect(await store.gc.pending()).toEqual({ blobs: 1, bytes: 5, firstDueAt: dueAt, lastDueAt: dueAt });
      await reviewAll(store, dueAt);
      expect(await store.gc.pending()).toEqual({ blobs: 1, bytes: 5 });
      await store.gc.dropTrash(locatorOf(layer));
      expect(await store.gc.pending()).toEqual({ blobs: 0, bytes: 0 });
    });

    test('counts the blobs of a deleted repository at once, whose rows are removed later', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { reviewAfter: start });
      await publish(store, app, 'another', { reviewAfter: start });
      await publish(store, other, 'layer', { reviewAfter: start });
      await push(store, app, 'manifest', { blobs: [layer, digestOf('another')] });
      await push(store, other, 'manifest', { blobs: [layer] });
      await reviewAll(store, start);
      await store.repositories.delete({ ...remove, limit: 0 });
      expect(await store.gc.pending()).toEqual({ blobs: 1, bytes: 7 });
      while ((await store.repositories.removeDeleted({ reviewAfter: start + day, limit: 1 })).removed > 0) {
        expect(await store.gc.pending()).toMatchObject({ blobs: 1, bytes: 7 });
      }
      await store.repositories.delete({ ...remove, repository: other, limit: 0 });
      expect(await store.gc.pending()).toMatchObject({ blobs: 2, bytes: 12 });
    });

    test('a blob that another manifest still references does not wait', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      for (const name of ['manifest', 'second']) await push(store, app, name, { blobs: [layer] });
      await store.manifests.delete({ ...remove, digest: digestOf('manifest') });
      expect(await store.gc.pending()).toEqual({ blobs: 0, bytes: 0 });
      await store.manifests.delete({ ...remove, digest: digestOf('second') });
      expect(await store.gc.pending()).toMatchObject({ blobs: 1, bytes: 5 });
    });
  });

  describe('trash', () => {
    test('an entry stays until it is dropped, and counts failed attempts', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { leasedUntil: start + hour });
      await reviewAll(store, start + day);
      const locator = locatorOf(layer);
      await store.gc.failTrash(locator);
      await store.gc.failTrash(locator);
      expect(await store.gc.listTrash({ limit: 10 })).toEqual([{ locator, size: 5, attempts: 2, kind: 'blob' }]);
      await store.gc.dropTrash(locator);
      await store.gc.dropTrash(locator);
      await store.gc.failTrash(locator);
      expect(await trashed(store)).toEqual([]);
    });

    test('is due from a time on', async () => {
      const { store } = current;
      await store.gc.sweep({ locator: 'old', size: 1, kind: 'orphan', now: start });
      await store.gc.sweep({ locator: 'young', size: 1, kind: 'orphan', now: start + 1 });
      const due = await store.gc.listTrash({ limit: 10, trashedBefore: start });
      expect(due).toEqual([{ locator: 'old', size: 1, attempts: 0, kind: 'orphan' }]);
      expect(await trashed(store)).toEqual(['old', 'young']);
    });

    test('counts bytes of blobs, and none of uploads', async () => {
      const { store } = current;
      await store.gc.sweep({ locator: 'orphan', size: 3, kind: 'orphan', now: start });
      await store.gc.sweep({ locator: 'piece', size: 5, kind: 'piece', now: start });
      expect(await store.gc.pending()).toEqual({ blobs: 1, bytes: 3 });
      expect((await store.inspection.compareTotals()).filter(({ kept, counted }) => kept !== counted)).toEqual([]);
      await store.gc.dropTrash('orphan', 'piece');
      expect(await store.gc.pending()).toEqual({ blobs: 0, bytes: 0 });
    });
  });

  describe('auditBlobs', () => {
    test('walks all blobs by locator, slice by slice', async () => {
      const { store } = current;
      for (const locator of ['c', 'a', 'b']) await publish(store, app, locator, { locator });
      const slice = (page: { after?: string; limit: number }) =>
        store.gc
          .auditBlobs({ page, reviewAfter: start, now: start })
          .then((rows) => rows.map(({ locator }) => locator));
      expect(await slice({ limit: 2 })).toEqual(['a', 'b']);
      expect(await slice({ after: 'b', limit: 2 })).toEqual(['c']);
      expect(await store.gc.auditBlobs({ page: { after: 'b', limit: 1 }, reviewAfter: start, now: start })).toEqual([
        { digest: digestOf('c'), size: 1, locator: 'c' },
      ]);
    });

    test('leaves the queue as it is for blobs that are referenced or queued', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { reviewAfter: start });
      await push(store, app, 'manifest', { blobs: [layer] });
      await reviewAll(store, start);
      await publish(store, app, 'queued', { reviewAfter: start + day });
      for (const reviewAfter of [start, start + 2 * day]) {
        await store.gc.auditBlobs({ page: { limit: 10 }, reviewAfter, now: start });
      }
      expect(await reviewAll(store, start + day - 1)).toMatchObject({ reviewed: 0 });
      expect(await reviewAll(store, start + day)).toMatchObject({ reviewed: 1, blobsRemoved: 1 });
      expect(await isIn(store, app, layer, start + day)).toBe(true);
    });
  });

  describe('runs of garbage collection', () => {
    const begin = (id: string) => current.store.gc.startRun({ ...change, id, reconcile: false, trigger: 'api' });

    test('a run starts with nothing done, and gc_started', async () => {
      const run = await begin('one');
      expect(run).toEqual({
        id: 'one',
        reconcile: false,
        trigger: 'api',
        state: 'running',
        startedAt: start,
        blobsRemoved: 0,
        bytesFreed: 0,
        uploadsRemoved: 0,
        examined: 0,
        orphansRemoved: 0,
        missingFiles: 0,
      });
      expect(await current.store.gc.listRuns({ limit: 10 })).toEqual([run]);
      expect(await lastEvent(current.store)).toEqual({
        type: 'gc_started',
        details: { run_id: 'one', trigger: 'api', reconcile: 'false' },
      });
    });

    test('starting it again is the same run and no second event', async () => {
      expect(await begin('one')).toEqual(await begin('one'));
      expect(await current.store.audit.list({ type: 'gc_started', limit: 10 })).toHaveLength(1);
    });

    test('progress and result are kept, and the end is gc_completed', async () => {
      const { store } = current;
      const run = await begin('one');
      await store.gc.updateRun('one', { examined: 7, blobsRemoved: 2, bytesFreed: 3 * 2 ** 40 });
      await store.gc.updateRun('one', { missingFiles: 1 });
      await store.gc.updateRun('one', {});
      const finished = await store.gc.finishRun({ ...change, now: start + 5, id: 'one', state: 'completed' });
      const progress = { examined: 7, blobsRemoved: 2, bytesFreed: 3 * 2 ** 40, missingFiles: 1 };
      expect(finished).toEqual({ ...run, ...progress, state: 'completed', completedAt: start + 5 });
      expect(await store.gc.listRuns({ limit: 10 })).toEqual([finished]);
      expect(await lastEvent(store)).toEqual({
        type: 'gc_completed',
        details: { run_id: 'one', state: 'completed', blobs_removed: '2', bytes_freed: String(3 * 2 ** 40) },
      });
    });

    test('a failed run says why', async () => {
      const { store } = current;
      await begin('one');
      const error = 'The blob store cannot be read';
      expect(await store.gc.finishRun({ ...change, id: 'one', state: 'failed', error })).toMatchObject({
        state: 'failed',
        error,
      });
      expect(await lastEvent(store)).toMatchObject({ details: { state: 'failed', error } });
    });

    test('the end of a run and the release of its lease are one change', async () => {
      const { store } = current;
      await begin('one');
      const lease = { name: 'gc', owner: 'a' };
      const take = (owner: string) => store.coordination.acquireLease({ name: 'gc', owner, duration: minute });
      await take('a');
      await store.gc.finishRun({ ...change, id: 'one', state: 'completed', lease: { ...lease, owner: 'b' } });
      expect(await take('b')).toBeUndefined();
      await store.gc.finishRun({ ...change, id: 'one', state: 'completed', lease });
      expect(await take('b')).toMatchObject({ owner: 'b' });
    });

    test('unknown runs are rejected', async () => {
      const { store } = current;
      const unknown = { ...change, id: 'unknown', state: 'completed' } as const;
      await expect(store.gc.finishRun(unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(store.gc.listRuns({ before: 'unknown', limit: 1 })).rejects.toMatchObject({
        code: 'PARAMETER_INVALID',
      });
    });
  });
}
