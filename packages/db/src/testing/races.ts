import { digestOf } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import {
  app,
  change,
  day,
  hour,
  isIn,
  locatorOf,
  other,
  publish,
  push,
  reviewAll,
  start,
  trashed,
} from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

/** The ways in which other registries lost blobs, one by one. */
export function raceContract(current: CurrentStore): void {
  const layer = digestOf('layer');
  const later = start + day;
  const remove = { ...change, reviewAfter: later };

  describe('garbage collection and pushes', () => {
    test('an atomic publication protects a blob from its first moment, though its review is due at once', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { reviewAfter: start });
      await reviewAll(store, start);
      await push(store, app, 'manifest', { blobs: [layer] });
      await reviewAll(store, later);
      expect(await isIn(store, app, layer, later)).toBe(true);
    });

    test('a review re-validates: a blob that was referenced again after it was queued stays', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      const first = await push(store, app, 'one', { blobs: [layer] });
      await store.manifests.delete({ ...remove, repository: app, digest: first });
      await push(store, app, 'two', { blobs: [layer] });
      expect(await reviewAll(store, later)).toMatchObject({ blobsRemoved: 0 });
      expect(await isIn(store, app, layer, later)).toBe(true);
    });

    test('an orphan that a client was just promised stays until the manifest comes', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { leasedUntil: later + 1 });
      await store.blobs.claim({ repository: app, digest: layer, leasedUntil: later + hour, now: later });
      expect(await reviewAll(store, later + 1)).toMatchObject({ blobsRemoved: 0 });
      await push(store, app, 'manifest', { blobs: [layer], now: later + 2 });
      expect(await isIn(store, app, layer, later + day)).toBe(true);
    });

    test('a mount protects a base layer whose own repository goes away', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      await store.blobs.mount({ ...remove, from: app, repository: other, digest: layer, leasedUntil: later + hour });
      await store.repositories.delete({ ...remove, repository: app });
      expect(await reviewAll(store, later)).toMatchObject({ blobsRemoved: 0 });
      await push(store, other, 'manifest', { blobs: [layer], now: later });
      expect(await isIn(store, other, layer, later + day)).toBe(true);
    });

    test('an upload between the review and the removal of the bytes has bytes of its own', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      await reviewAll(store, later);
      expect(await trashed(store)).toEqual([locatorOf(layer)]);
      await publish(store, app, 'layer', { now: later, locator: 'its own' });
      expect(await trashed(store)).toEqual([locatorOf(layer)]);
      expect(await store.blobs.isLocatorUsed(locatorOf(layer))).toBe(false);
      expect(await store.blobs.isLocatorUsed('its own')).toBe(true);
    });

    test('an expired lease stops protecting', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { reviewAfter: start });
      expect(await reviewAll(store, start + hour - 1)).toMatchObject({ blobsRemoved: 0 });
      expect(await reviewAll(store, start + hour)).toMatchObject({ blobsRemoved: 1 });
      const pushed = push(store, app, 'manifest', { blobs: [layer], now: start + hour });
      await expect(pushed).rejects.toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN' });
    });

    test('pushes and reviews at the same time never cost an acknowledged blob', async () => {
      const { store } = current;
      const pushes = Array.from({ length: 20 }, async (_, n) => {
        const { digest } = await publish(store, app, `layer ${n}`, { reviewAfter: start });
        const shared = await publish(store, app, 'base', { reviewAfter: start });
        await push(store, app, `manifest ${n}`, { blobs: [digest, shared.digest] });
        if (n % 2 === 0)
          await store.manifests.delete({ ...remove, repository: app, digest: digestOf(`manifest ${n}`) });
      });
      const reviews = Array.from({ length: 20 }, () => store.gc.review({ now: start, limit: 5 }));
      await Promise.all([...pushes, ...reviews]);
      expect(await reviewAll(store, later)).toMatchObject({ blobsRemoved: 10 });
      for (let n = 1; n < 20; n += 2) expect(await isIn(store, app, digestOf(`layer ${n}`), later)).toBe(true);
      expect(await isIn(store, app, digestOf('base'), later)).toBe(true);
    });

    test('blobs of a manifest stay that only an index lists', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      const child = await push(store, app, 'child', { blobs: [layer] });
      const index = await push(store, app, 'index', { children: [child] });
      await store.manifests.delete({ ...remove, repository: app, digest: index });
      expect(await reviewAll(store, later)).toMatchObject({ blobsRemoved: 0 });
      expect(await isIn(store, app, layer, later)).toBe(true);
    });

    test('blobs of a referrer stay when its subject goes', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      const subject = await push(store, app, 'image');
      await push(store, app, 'signature', { blobs: [layer], subject });
      await store.manifests.delete({ ...remove, repository: app, digest: subject });
      expect(await reviewAll(store, later)).toMatchObject({ blobsRemoved: 0 });
      expect(await store.manifests.listReferrers(app, subject, { limit: 10 })).toHaveLength(1);
    });

    test('bytes that could not be removed stay in the trash', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      await reviewAll(store, later);
      await store.gc.failTrash(locatorOf(layer));
      expect(await reviewAll(store, later + day)).toMatchObject({ blobsRemoved: 0, bytesFreed: 0 });
      expect(await trashed(store)).toEqual([locatorOf(layer)]);
    });

    test('collecting again collects nothing', async () => {
      const { store } = current;
      for (const text of ['one', 'two']) await publish(store, app, text);
      expect(await reviewAll(store, later)).toMatchObject({ blobsRemoved: 2 });
      expect(await reviewAll(store, later)).toMatchObject({ reviewed: 0, blobsRemoved: 0 });
    });
  });
}
