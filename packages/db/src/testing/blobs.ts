import { digestOf } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { app, change, hour, isIn, lastEvent, minute, other, publish, push, start, trashed } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function blobContract(current: CurrentStore): void {
  describe('blobs', () => {
    test('a published blob is in its repository until the lease ends', async () => {
      const { store } = current;
      const record = await publish(store, app, 'layer');
      expect(record).toEqual({ digest: digestOf('layer'), size: 5, locator: record.locator });
      expect(await store.blobs.find(app, record.digest, start)).toEqual(record);
      expect(await isIn(store, app, record.digest, start + hour - 1)).toBe(true);
      expect(await isIn(store, app, record.digest, start + hour)).toBe(false);
    });

    test('a blob that a manifest references is in the repository without a lease', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      await push(store, app, 'manifest', { blobs: [digest] });
      expect(await isIn(store, app, digest, start + 1000 * hour)).toBe(true);
    });

    test('a blob of another repository is not found, however it is asked for', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      await push(store, app, 'manifest', { blobs: [digest] });
      await publish(store, other, 'something else');
      expect(await store.blobs.find(other, digest, start)).toBeUndefined();
      const claim = { repository: other, digest, leasedUntil: start + hour, now: start };
      expect(await store.blobs.claim(claim)).toBeUndefined();
      await expect(
        store.blobs.delete({ ...change, repository: other, digest, reviewAfter: start }),
      ).rejects.toMatchObject({
        code: 'BLOB_UNKNOWN',
      });
    });

    test('sha512 blobs are kept under their own digest', async () => {
      const { store } = current;
      const digest = digestOf('layer', 'sha512');
      await publish(store, app, 'layer', { digest, locator: 'sha512/x' });
      expect(await store.blobs.find(app, digest, start)).toEqual({ digest, size: 5, locator: 'sha512/x' });
      expect(await isIn(store, app, digestOf('layer'), start)).toBe(false);
    });

    test('sizes beyond 32 bits are kept', async () => {
      const { store } = current;
      const size = 5 * 2 ** 40 + 1;
      const { digest } = await publish(store, app, 'huge', { size });
      expect((await store.blobs.find(app, digest, start))?.size).toBe(size);
    });
  });

  describe('publish', () => {
    test('creates the repository, removes the upload and writes blob_uploaded', async () => {
      const { store } = current;
      await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      const { digest } = await publish(store, app, 'layer', { upload: { id: 'u1', version: 0 } });
      expect(await store.repositories.list({ limit: 10 })).toEqual([app]);
      expect(await store.uploads.get('u1')).toBeUndefined();
      expect(await lastEvent(store)).toEqual({
        type: 'blob_uploaded',
        repository: app,
        digest,
        details: { size: '5' },
      });
    });

    test('publishing again is harmless and never shortens the lease', async () => {
      const { store } = current;
      const first = await publish(store, app, 'layer', { leasedUntil: start + 2 * hour });
      const second = await publish(store, app, 'layer', { leasedUntil: start + hour });
      expect(second).toEqual(first);
      expect(await isIn(store, app, first.digest, start + 2 * hour - 1)).toBe(true);
      expect(await store.statistics()).toMatchObject({ blobs: 1, blobBytes: 5 });
    });

    test('a digest that is known under another locator keeps it, and the new one is left to the caller', async () => {
      const { store } = current;
      const first = await publish(store, app, 'layer', { locator: 'one' });
      for (const _ of ['once', 'again']) {
        expect(await publish(store, other, 'layer', { locator: 'two' })).toEqual(first);
      }
      expect(await trashed(store)).toEqual([]);
      expect(await store.blobs.isLocatorUsed('one')).toBe(true);
      expect(await store.blobs.isLocatorUsed('two')).toBe(false);
    });

    test('rejects a locator that is trash, and changes nothing', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { reviewAfter: start, leasedUntil: start + 1 });
      await store.gc.review({ now: start + 1, limit: 10 });
      const locators = await trashed(store);
      expect(locators).toHaveLength(1);
      await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      const again = publish(store, app, 'layer', { upload: { id: 'u1', version: 0 } });
      await expect(again).rejects.toMatchObject({ code: 'UNAVAILABLE', facts: { retryAfterMs: 1_000 } });
      expect(await trashed(store)).toEqual(locators);
      expect(await store.uploads.get('u1')).toBeDefined();
      expect(await isIn(store, app, digestOf('layer'), start)).toBe(false);
    });

    test('rejects a locator that was swept, also after its bytes are gone, and for a month', async () => {
      const { store } = current;
      const sweep = (locator: string, now: number) => store.gc.sweep({ locator, size: 5, kind: 'orphan', now });
      expect(await sweep('one', start)).toBe(true);
      expect(await sweep('one', start)).toBe(false);
      await store.gc.dropTrash('one');
      await expect(publish(store, app, 'layer', { locator: 'one' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await sweep('two', start + 31 * 24 * hour);
      expect(await publish(store, app, 'layer', { locator: 'one' })).toMatchObject({ locator: 'one' });
    });

    test('takes part in the life of an upload only in the version that it was made of', async () => {
      const { store } = current;
      await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      await store.uploads.advance({ id: 'u1', version: 0, offset: 1, now: start });
      const stale = publish(store, app, 'layer', { upload: { id: 'u1', version: 0 } });
      await expect(stale).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
      expect(await isIn(store, app, digestOf('layer'), start)).toBe(false);
      const upload = { id: 'u1', version: 1 };
      const record = await publish(store, app, 'layer', { upload, locator: 'one' });
      expect(await publish(store, app, 'layer', { upload, locator: 'one' })).toEqual(record);
      const late = publish(store, app, 'layer', { upload, locator: 'two' });
      await expect(late).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
      expect((await store.audit.list({ type: 'blob_uploaded', limit: 10 })).length).toBe(1);
    });
  });

  describe('claim', () => {
    const claim = (leasedUntil: number, now: number) => ({
      repository: app,
      digest: digestOf('layer'),
      leasedUntil,
      now,
    });

    test('leaves a lease alone of which half is left', async () => {
      const { store } = current;
      const record = await publish(store, app, 'layer');
      const now = start + 30 * minute;
      expect(await store.blobs.claim(claim(now + hour, now))).toEqual(record);
      expect(await isIn(store, app, record.digest, start + hour)).toBe(false);
    });

    test('extends a lease of which less than half is left', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      const now = start + 30 * minute + 1;
      await store.blobs.claim(claim(now + hour, now));
      expect(await isIn(store, app, digest, now + hour - 1)).toBe(true);
      expect(await isIn(store, app, digest, now + hour)).toBe(false);
    });

    test('never shortens a lease', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      await store.blobs.claim(claim(start + minute, start));
      expect(await isIn(store, app, digest, start + hour - 1)).toBe(true);
    });

    test('puts off a pending review', async () => {
      const { store } = current;
      await publish(store, app, 'layer', { leasedUntil: start + 10, reviewAfter: start + 20 });
      await store.blobs.claim(claim(start + hour, start + 9));
      expect(await store.gc.review({ now: start + hour - 1, limit: 10 })).toMatchObject({ reviewed: 0 });
    });

    test('leases a blob that only a manifest holds', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer', { leasedUntil: start + 1 });
      const held = await push(store, app, 'manifest', { blobs: [digest] });
      await store.blobs.claim(claim(start + 2 * hour, start + hour));
      await store.manifests.delete({ ...change, repository: app, digest: held, reviewAfter: start });
      expect(await isIn(store, app, digest, start + 2 * hour - 1)).toBe(true);
    });

    test('does not bring back a blob whose lease has expired, and creates nothing', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      expect(await store.blobs.claim(claim(start + 3 * hour, start + hour))).toBeUndefined();
      expect(await store.blobs.claim({ ...claim(start + hour, start), repository: other })).toBeUndefined();
      expect(await store.repositories.list({ limit: 10 })).toEqual([app]);
    });
  });

  describe('mount', () => {
    const mount = { ...change, from: app, repository: other, leasedUntil: start + 2 * hour, reviewAfter: start + hour };

    test('leases the blob to the other repository and writes blob_mounted', async () => {
      const { store } = current;
      const record = await publish(store, app, 'layer');
      expect(await store.blobs.mount({ ...mount, digest: record.digest })).toEqual(record);
      expect(await isIn(store, other, record.digest, start + 2 * hour - 1)).toBe(true);
      expect(await lastEvent(store)).toEqual({
        type: 'blob_mounted',
        repository: other,
        digest: record.digest,
        details: { from: app },
      });
    });

    test('has the blob reviewed once the grace period is over', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer', { reviewAfter: start });
      await push(store, app, 'manifest', { blobs: [digest] });
      await store.gc.review({ now: start, limit: 10 });
      await store.blobs.mount({ ...mount, digest });
      expect(await store.gc.review({ now: start + hour - 1, limit: 10 })).toMatchObject({ reviewed: 0 });
      expect(await store.gc.review({ now: start + hour, limit: 10 })).toMatchObject({ reviewed: 1 });
    });

    test('changes nothing when the blob is not in the repository it is to come from', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      expect(await store.blobs.mount({ ...mount, from: other, repository: other, digest })).toBeUndefined();
      expect(await store.blobs.mount({ ...mount, digest: digestOf('unknown') })).toBeUndefined();
      expect(await store.blobs.mount({ ...mount, digest, now: start + hour })).toBeUndefined();
      expect(await store.repositories.list({ limit: 10 })).toEqual([app]);
      expect(await lastEvent(store)).toMatchObject({ type: 'blob_uploaded' });
    });
  });

  describe('delete', () => {
    const remove = { ...change, repository: app, reviewAfter: start + hour };

    test('takes the blob out of one repository at once and leaves it in the other', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      await store.blobs.mount({ ...remove, from: app, repository: other, digest, leasedUntil: start + 2 * hour });
      for (const repository of [app, other]) await push(store, repository, 'manifest', { blobs: [digest] });
      await store.blobs.delete({ ...remove, digest });
      expect(await isIn(store, app, digest, start)).toBe(false);
      expect(await isIn(store, other, digest, start)).toBe(true);
      expect(await lastEvent(store)).toEqual({ type: 'blob_deleted', repository: app, digest, details: {} });
      await store.gc.review({ now: start + 2 * hour, limit: 10 });
      expect(await isIn(store, other, digest, start + 2 * hour)).toBe(true);
    });

    test('leaves the bytes to garbage collection', async () => {
      const { store } = current;
      const { digest, locator } = await publish(store, app, 'layer', { reviewAfter: start });
      await store.blobs.delete({ ...remove, digest });
      expect(await store.blobs.isLocatorUsed(locator)).toBe(true);
      expect(await store.gc.review({ now: start + hour - 1, limit: 10 })).toMatchObject({ reviewed: 0 });
      expect(await store.gc.review({ now: start + hour, limit: 10 })).toMatchObject({ blobsRemoved: 1 });
    });

    test('rejects unknown repositories, unknown blobs and blobs that are gone already', async () => {
      const { store } = current;
      const digest = digestOf('layer');
      await expect(store.blobs.delete({ ...remove, digest })).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await publish(store, app, 'layer');
      await store.blobs.delete({ ...remove, digest });
      await expect(store.blobs.delete({ ...remove, digest })).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' });
    });
  });
}
