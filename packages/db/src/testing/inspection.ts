import { digestOf, type RepositoryName } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import type { InspectedRepository, RepositoryFigures } from '../facets/inspection.ts';
import {
  app,
  change,
  day,
  hour,
  isIn,
  lastEvent,
  latest,
  locatorOf,
  other,
  publish,
  push,
  reviewAll,
  start,
  trashed,
} from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const digest = digestOf('layer');
const locator = locatorOf(digest);
const mark = { ...change, digest, locator, damage: 'size' } as const;

/** What is kept for a repository, if counting gives the same. */
function agreeing(name: RepositoryName, figures: RepositoryFigures): InspectedRepository {
  return { name, kept: figures, counted: figures };
}

/** Cases about damaged blobs, and about looking at everything. */
export function inspectionContract(current: CurrentStore): void {
  describe('a blob in quarantine', () => {
    test('is in no repository, for no caller, and is reported once', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      await push(store, app, 'manifest', { blobs: [digest] });
      expect(await store.blobs.quarantine(mark)).toBe(true);
      expect(await lastEvent(store)).toEqual({ type: 'blob_quarantined', digest, details: { damage: 'size' } });
      expect(await store.blobs.quarantine(mark)).toBe(false);
      expect(await isIn(store, app, digest, start)).toBe(false);
      expect(await store.blobs.findQuarantined(app, digest, start)).toMatchObject({ digest, locator });
      expect(await store.blobs.findQuarantined(other, digest, start)).toBeUndefined();
      expect(
        await store.blobs.claim({ repository: app, digest, leasedUntil: start + day, now: start }),
      ).toBeUndefined();
      const mount = { ...change, from: app, repository: other, digest, leasedUntil: start + hour, reviewAfter: start };
      expect(await store.blobs.mount(mount)).toBeUndefined();
      await expect(push(store, app, 'other', { blobs: [digest] })).rejects.toMatchObject({
        code: 'MANIFEST_BLOB_UNKNOWN',
      });
      expect(await store.blobs.countQuarantined()).toBe(1);
    });

    test.each([
      ['where it was', locator, []],
      ['in another place, and the old one is trashed', 'elsewhere', [locator]],
    ])('is healed by a push, %s', async (_where, place, trash) => {
      const { store } = current;
      const record = await publish(store, app, 'layer');
      await store.blobs.quarantine(mark);
      expect(await publish(store, app, 'layer', { locator: place })).toEqual({ ...record, locator: place });
      expect(await store.blobs.find(app, digest, start)).toEqual({ ...record, locator: place });
      expect(await store.blobs.countQuarantined()).toBe(0);
      expect(await trashed(store)).toEqual(trash);
    });

    test('goes back into service when it is released', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      expect(await store.blobs.release(mark)).toBe(false);
      expect(await store.blobs.findQuarantined(app, digest, start)).toBeUndefined();
      await store.blobs.quarantine(mark);
      expect(await store.blobs.release(mark)).toBe(true);
      expect(await lastEvent(store)).toEqual({ type: 'blob_released', digest, details: {} });
      expect(await isIn(store, app, digest, start)).toBe(true);
    });

    test('stays while a manifest references it, and is collected when none does', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      const manifest = await push(store, app, 'manifest', { blobs: [digest] });
      await store.blobs.quarantine(mark);
      expect(await reviewAll(store, start + day)).toMatchObject({ blobsRemoved: 0 });
      await store.manifests.delete({ ...change, repository: app, digest: manifest, reviewAfter: start + day });
      expect(await reviewAll(store, start + day)).toMatchObject({ blobsRemoved: 1 });
      expect(await trashed(store)).toEqual([locator]);
      expect(await store.blobs.countQuarantined()).toBe(0);
    });

    test('has to be the blob that was looked at', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      expect(await store.blobs.quarantine({ ...mark, digest: digestOf('another') })).toBe(false);
      expect(await store.blobs.quarantine({ ...mark, locator: 'elsewhere' })).toBe(false);
      expect(await store.blobs.countQuarantined()).toBe(0);
    });
  });

  describe('an inspection', () => {
    test('sees blobs with what is wrong with them, in slices', async () => {
      const { store } = current;
      const texts = ['one', 'two', 'three'];
      for (const text of texts) await publish(store, app, text);
      const [damaged] = texts.map((text) => digestOf(text));
      await store.blobs.quarantine({ ...mark, digest: damaged!, locator: locatorOf(damaged!) });
      const first = await store.inspection.listBlobs({ limit: 2 });
      const rest = await store.inspection.listBlobs({ after: first.at(-1)!.locator, limit: 2 });
      const all = [...first, ...rest];
      expect(all.map((it) => it.locator)).toEqual(texts.map((text) => locatorOf(digestOf(text))).toSorted());
      expect(all.filter((it) => it.damage !== undefined)).toMatchObject([{ digest: damaged, damage: 'size' }]);
      expect(all.every((it) => !it.forgotten)).toBe(true);
      const audited = await store.gc.auditBlobs({ page: { limit: 10 }, reviewAfter: start, now: start });
      expect(audited.find((it) => it.digest === damaged)).toMatchObject({ damage: 'size' });
    });

    test('sees what is to be removed, and leaves more to garbage collection, but nothing that a blob has', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      expect(await store.inspection.findLocator(locator)).toMatchObject({ blob: { digest }, trashed: false });
      expect(await store.gc.sweep({ locator, size: 5, kind: 'blob', now: start })).toBe(false);
      expect(await store.inspection.findLocator('unknown')).toEqual({ trashed: false });
      expect(await store.gc.sweep({ locator: 'unknown', size: 7, kind: 'blob', now: start })).toBe(true);
      expect(await store.inspection.findLocator('unknown')).toEqual({ trashed: true });
      expect(await store.gc.listTrash({ limit: 10 })).toEqual([
        { locator: 'unknown', size: 7, attempts: 0, kind: 'blob' },
      ]);
    });

    test('sees manifests with the rows that were made of them', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      const first = await push(store, app, 'image', { blobs: [digest], tags: [latest] });
      const second = await push(store, app, 'index', { children: [first, 'sha256:x'] });
      const slice = await store.inspection.listManifests({ limit: 1 });
      expect(slice).toMatchObject([{ repository: app, digest: first, blobs: [digest], children: [] }]);
      expect(Buffer.from(slice[0]!.content).toString()).toBe('image');
      const [found, ...more] = await store.inspection.listManifests({ after: slice[0]!.id, limit: 10 });
      expect(found).toMatchObject({ digest: second, blobs: [] });
      expect(found!.children.toSorted()).toEqual([first, 'sha256:x'].toSorted());
      expect(more).toEqual([]);
      expect(await store.inspection.listReferences(digest, 10)).toEqual([{ repository: app, digest: first }]);
    });

    test('knows which blobs were deleted from a repository by request', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      const manifest = await push(store, app, 'manifest', { blobs: [digest] });
      const wasDeleted = (repository = app) => store.inspection.wasBlobDeleted({ repository, digest, manifest });
      expect(await wasDeleted()).toBe(false);
      await store.blobs.delete({ ...change, repository: app, digest, reviewAfter: start });
      expect(await wasDeleted()).toBe(true);
      expect(await wasDeleted(other)).toBe(false);
      await publish(store, app, 'layer');
      expect(await wasDeleted()).toBe(true);
      await push(store, app, 'manifest', { blobs: [digest] });
      expect(await wasDeleted()).toBe(false);
    });

    test('knows it also when the event of the push is no longer in the log', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      await store.blobs.delete({ ...change, repository: app, digest, reviewAfter: start });
      await publish(store, app, 'layer', { now: start + 5 });
      const manifest = await push(store, app, 'manifest', { blobs: [digest], now: start + 5 });
      const events = await store.audit.listExpired({ before: start + day, limit: 10 });
      await store.audit.delete({ ...change, ids: events.map(({ id }) => id), file: 'audit.jsonl' });
      expect(await store.inspection.wasBlobDeleted({ repository: app, digest, manifest })).toBe(false);
      await store.blobs.delete({ ...change, repository: app, digest, reviewAfter: start, now: start + 6 });
      expect(await store.inspection.wasBlobDeleted({ repository: app, digest, manifest })).toBe(true);
    });

    test('makes a blob anew whose row was lost, and only such a one', async () => {
      const { store } = current;
      const restore = (text: string, place = locatorOf(digestOf(text))) =>
        store.inspection.restoreBlob({
          ...change,
          digest: digestOf(text),
          size: 5,
          locator: place,
          reviewAfter: start + day,
        });
      await publish(store, app, 'layer');
      expect(await restore('layer')).toBe(false);
      expect(await restore('other', locator)).toBe(false);
      await store.gc.sweep({ locator: locatorOf(digestOf('other')), size: 5, kind: 'blob', now: start });
      expect(await restore('other')).toBe(true);
      expect(await lastEvent(store)).toEqual({ type: 'blob_released', digest: digestOf('other'), details: {} });
      expect(await trashed(store)).toEqual([]);
      expect(await store.inspection.findLocator(locatorOf(digestOf('other')))).toMatchObject({
        blob: { forgotten: false },
      });
      expect(await isIn(store, app, digestOf('other'), start)).toBe(false);
      expect(await reviewAll(store, start + day)).toMatchObject({ blobsRemoved: 2 });
    });

    test('adds repositories up, and finds the sum on record', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      await push(store, app, 'manifest', { blobs: [digest] });
      await push(store, other, 'x');
      const expected = [
        agreeing(app, { totalSize: 13, tagCount: 0, manifestCount: 1, uniqueSize: 5, uniqueBlobs: 1 }),
        agreeing(other, { totalSize: 1, tagCount: 0, manifestCount: 1, uniqueSize: 0, uniqueBlobs: 0 }),
      ];
      expect(await store.inspection.compareRepositories({ limit: 10 })).toEqual(expected);
      expect(await store.inspection.compareRepositories({ after: app, limit: 10 })).toEqual(expected.slice(1));
      await store.inspection.recountRepository(app);
      expect(await store.inspection.compareRepositories({ limit: 10 })).toEqual(expected);
    });

    test('compares what is kept for blobs and for the registry with what counting gives', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      await publish(store, app, 'waiting');
      await publish(store, other, 'layer');
      for (const name of [app, other]) await push(store, name, 'manifest', { blobs: [digest], tags: [latest] });
      await store.uploads.create({ id: 'u', repository: app, createdBy: 'ada', now: start });
      const counts = await store.inspection.compareReferenceCounts({ limit: 10 });
      expect(new Map(counts.map(({ digest: blob, counted }) => [blob, counted]))).toEqual(
        new Map([
          [digest, 2],
          [digestOf('waiting'), 0],
        ]),
      );
      const totals = await store.inspection.compareTotals();
      expect(Object.fromEntries(totals.map(({ figure, counted }) => [figure, counted]))).toEqual({
        repositories: 2,
        manifests: 2,
        tags: 2,
        blobs: 2,
        blob_bytes: 12,
        quarantined: 0,
        uploads: 1,
        referenced_bytes: 26,
        'queue blobs': 1,
        'queue bytes': 7,
        'trash blobs': 0,
        'trash bytes': 0,
        'shared bytes': 5,
        'tagged images': 2,
        layers: 2,
        'wrong layers': 0,
      });
      await store.inspection.recountReferences(digest);
      await store.inspection.recountTotals();
      expect(await store.inspection.compareTotals()).toEqual(totals);
      for (const { kept, counted } of [...counts, ...totals]) expect(kept).toBe(counted);
    });

    test('sees uploads in order of id', async () => {
      const { store } = current;
      for (const id of ['b', 'a', 'c'])
        await store.uploads.create({ id, repository: app, createdBy: 'ada', now: start });
      expect((await store.inspection.listUploads({ limit: 2 })).map(({ id }) => id)).toEqual(['a', 'b']);
      expect((await store.inspection.listUploads({ after: 'b', limit: 2 })).map(({ id }) => id)).toEqual(['c']);
    });

    test('finds nothing wrong with what was made by operations', async () => {
      const { store } = current;
      await publish(store, app, 'layer');
      await push(store, app, 'manifest', { blobs: [digest], tags: [latest] });
      await store.uploads.create({ id: 'u', repository: app, createdBy: 'ada', now: start });
      expect(await store.inspection.listDangling(10)).toEqual([]);
      expect(await store.inspection.checkIntegrity()).toEqual([]);
      await store.inspection.removeDangling();
      expect(await store.inspection.reviewForgotten({ locator, reviewAfter: start })).toBe(false);
      expect(await isIn(store, app, digest, start)).toBe(true);
    });
  });

  test('a manifest is made anew of its content, and only of blobs that there are', async () => {
    const { store } = current;
    await publish(store, app, 'layer');
    const image = await push(store, app, 'image', { children: ['sha256:old'] });
    const summary = { annotations: { made: 'anew' }, configMediaType: 'text/plain' };
    const rows = { repository: app, digest: image, size: 5, subject: 'sha256:s', children: ['sha256:new'], summary };
    expect(await store.inspection.repairManifest({ ...rows, blobs: [digest, digestOf('nothing')] })).toEqual([digest]);
    const [found] = await store.inspection.listManifests({ limit: 10 });
    expect(found).toMatchObject({ subject: 'sha256:s', children: ['sha256:new'], blobs: [digest], summary });
    expect(await store.inspection.compareRepositories({ limit: 10 })).toEqual([
      agreeing(app, { totalSize: 10, tagCount: 0, manifestCount: 1, uniqueSize: 5, uniqueBlobs: 1 }),
    ]);
    expect(await store.inspection.repairManifest({ ...rows, digest: digestOf('nothing'), blobs: [digest] })).toEqual(
      [],
    );
  });
}
