import { digestOf, parseRepositoryName, parseTag } from '@mcr/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetadataStore } from '../metadata-store.ts';
import { app, change, day, hour, isIn, lastEvent, latest, other, publish, push, reviewAll, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function repositoryContract(current: CurrentStore): void {
  describe('repositories', () => {
    test('a summary counts tags, manifests, and each blob once', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'shared layer');
      await publish(store, app, 'not referenced');
      await push(store, app, 'one', { blobs: [digest], tags: [latest] });
      await push(store, app, 'two', { blobs: [digest], now: start + 7 });
      await push(store, app, 'two', { blobs: [digest], now: start + 6 });
      expect(await store.repositories.getSummary(app)).toEqual({
        name: app,
        tagCount: 1,
        manifestCount: 2,
        totalSize: 'shared layer'.length + 'one'.length + 'two'.length,
        createdAt: start,
        lastPushAt: start + 7,
      });
    });

    test('a repository without a manifest has an empty summary', async () => {
      const { store } = current;
      await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      const empty = { name: app, tagCount: 0, manifestCount: 0, totalSize: 0, createdAt: start };
      expect(await store.repositories.getSummary(app)).toEqual(empty);
      await expect(store.repositories.getSummary(other)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
    });

    test('summaries of a page are those of its repositories', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      await push(store, app, 'one', { blobs: [digest] });
      await push(store, other, 'two', { tags: [latest] });
      const page = await store.repositories.listSummaries({ limit: 10 });
      expect(page).toEqual([await store.repositories.getSummary(app), await store.repositories.getSummary(other)]);
      expect(await store.repositories.listSummaries({ after: app, limit: 10 })).toEqual(page.slice(1));
    });

    test('a search finds the names that contain it, whatever it is made of', async () => {
      const { store } = current;
      const names = ['a_b', 'axb', 'team/app', 'team/base'];
      for (const name of names) await push(store, parseRepositoryName(name), 'manifest');
      const search = async (text: string) =>
        (await store.repositories.listSummaries({ search: text, limit: 10 })).map(({ name }) => name);
      const anyText = fc.oneof(fc.constantFrom('', 'a', '_', '%', 'TEAM/', "'", '\0', '*', 'p'), fc.string());
      await fc.assert(
        fc.asyncProperty(anyText, async (text) => {
          expect(await search(text)).toEqual(names.filter((name) => name.includes(text.toLowerCase())));
        }),
        { numRuns: 50 },
      );
    });
  });

  describe('update', () => {
    test('says what a repository is for, until an empty text takes that away', async () => {
      const { store } = current;
      for (const repository of [app, other]) await push(store, repository, 'one');
      const described = await store.repositories.update({ ...change, repository: app, description: 'The shop' });
      expect(described).toMatchObject({ name: app, manifestCount: 1, description: 'The shop' });
      expect(await store.repositories.getSummary(app)).toEqual(described);
      expect(await store.repositories.listSummaries({ limit: 10 })).toMatchObject([{ name: app }, { name: other }]);
      expect(await store.repositories.getSummary(other)).not.toHaveProperty('description');
      const details = { description: 'The shop' };
      expect(await lastEvent(store)).toEqual({ type: 'repo_updated', repository: app, details });
      const cleared = await store.repositories.update({ ...change, repository: app, description: '' });
      expect(cleared).not.toHaveProperty('description');
    });

    test('knows no repository that is not there, or no longer', async () => {
      const { store } = current;
      const update = { ...change, repository: app, description: 'The shop' };
      await expect(store.repositories.update(update)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await push(store, app, 'one');
      await store.repositories.update(update);
      await store.repositories.delete({ ...change, repository: app, reviewAfter: start });
      await expect(store.repositories.update(update)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await push(store, app, 'one');
      expect(await store.repositories.getSummary(app)).not.toHaveProperty('description');
    });
  });

  describe('delete', () => {
    const remove = { ...change, repository: app, reviewAfter: start + hour };

    test('deletes everything that is in it, and nothing that is in others', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      await store.blobs.mount({ ...remove, from: app, repository: other, digest, leasedUntil: start + hour });
      for (const repository of [app, other]) await push(store, repository, 'one', { blobs: [digest], tags: [latest] });
      await store.repositories.delete(remove);
      await expect(store.tags.list(app, { limit: 10 })).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      expect(await store.blobs.find(app, digest, start)).toBeUndefined();
      expect(await store.repositories.list({ limit: 10 })).toEqual([other]);
      expect(await store.manifests.stat(other, { kind: 'tag', tag: latest })).toMatchObject({
        digest: digestOf('one'),
      });
      expect(await store.statistics()).toMatchObject({ manifests: 1, tags: 1, blobs: 1 });
      expect(await lastEvent(store)).toEqual({
        type: 'repo_deleted',
        repository: app,
        details: { manifests: '1', tags: '1' },
      });
    });

    test('leaves its blobs to garbage collection, referenced and leased ones alike', async () => {
      const { store } = current;
      const now = { reviewAfter: start };
      const { digest } = await publish(store, app, 'referenced', now);
      await push(store, app, 'one', { blobs: [digest] });
      await reviewAll(store, start);
      await publish(store, app, 'leased', { leasedUntil: start + day });
      await store.repositories.delete(remove);
      expect(await reviewAll(store, start + day)).toMatchObject({ blobsRemoved: 2 });
      expect(await store.statistics()).toMatchObject({ blobs: 0, blobBytes: 0 });
    });

    test('a repository of the same name begins empty', async () => {
      const { store } = current;
      await push(store, app, 'one', { tags: [latest] });
      await store.repositories.delete(remove);
      await expect(store.repositories.delete(remove)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      expect(await store.tags.list(app, { limit: 10 })).toEqual([]);
    });

    /** More than one transaction removes: manifests with a tag, a layer of their own and one that all share. */
    async function fillMuch(store: MetadataStore, count: number) {
      const shared = await publish(store, app, 'shared', { reviewAfter: start });
      for (let n = 0; n < count; n += 1) {
        const { digest } = await publish(store, app, `layer ${n}`, { reviewAfter: start });
        await push(store, app, `image ${n}`, { blobs: [digest, shared.digest], tags: [parseTag(`v${n}`)] });
      }
      return shared.digest;
    }

    /** Removes what is left, in slices; how many there were. */
    async function removeAll(store: MetadataStore, limit: number): Promise<number> {
      for (let slices = 0; ; slices += 1) {
        if ((await store.repositories.removeDeleted({ reviewAfter: start + hour, limit })).removed === 0) return slices;
      }
    }

    test('a large repository is gone at once, and its rows go in slices', async () => {
      const { store } = current;
      const shared = await fillMuch(store, 200);
      await store.blobs.mount({ ...remove, from: app, repository: other, digest: shared, leasedUntil: start + hour });
      await push(store, other, 'one', { blobs: [shared], tags: [latest] });
      await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      const { blobs } = await store.statistics();
      await store.repositories.delete(remove);

      expect(await store.statistics()).toMatchObject({ repositories: 1, manifests: 1, tags: 1, uploads: 0, blobs });
      expect(await store.repositories.referencedBytes()).toBe((await store.repositories.getSummary(other)).totalSize);
      for (const order of ['name', 'size', 'last_push'] as const) {
        const found = await store.repositories.listSummaries({ order, limit: 10 });
        expect(found.map(({ name }) => name)).toEqual([other]);
      }
      expect(await store.repositories.list({ limit: 10 })).toEqual([other]);
      expect((await store.inspection.compareRepositories({ limit: 10 })).map(({ name }) => name)).toEqual([other]);
      expect((await store.inspection.listManifests({ limit: 10 })).map(({ repository }) => repository)).toEqual([
        other,
      ]);
      expect((await store.inspection.listReferences(shared, 10)).map(({ repository }) => repository)).toEqual([other]);
      expect(await store.inspection.listDangling(10)).toEqual([]);
      expect(await store.uploads.get('u1')).toBeUndefined();
      expect(await lastEvent(store)).toMatchObject({ details: { manifests: '200', tags: '200' } });

      expect(await removeAll(store, 50)).toBeGreaterThan(2);
      expect(await store.inspection.listDangling(10)).toEqual([]);
      expect(await store.repositories.usage(other)).toEqual({ uniqueSize: 'shared'.length });
      expect(await reviewAll(store, start + 2 * hour)).toMatchObject({ blobsRemoved: 200 });
      expect(await store.statistics()).toMatchObject({ repositories: 1, manifests: 1, tags: 1, blobs: 1 });
    });

    test('its name can be used while its rows are removed, which touches nothing of the new one', async () => {
      const { store } = current;
      await fillMuch(store, 200);
      await store.repositories.delete(remove);
      for (let n = 0; n < 20; n += 1) {
        const { digest } = await publish(store, app, `layer ${n}`);
        await push(store, app, `image ${n}`, { blobs: [digest], tags: [parseTag(`v${n}`)] });
        await store.repositories.removeDeleted({ reviewAfter: start + hour, limit: 20 });
      }
      await removeAll(store, 50);
      expect(await store.repositories.getSummary(app)).toMatchObject({ tagCount: 20, manifestCount: 20 });
      await reviewAll(store, start + day);
      for (let n = 0; n < 20; n += 1) expect(await isIn(store, app, digestOf(`layer ${n}`), start + day)).toBe(true);
      expect(await store.statistics()).toMatchObject({ repositories: 1, manifests: 20, tags: 20, blobs: 20 });
    });

    test('nothing is removed where nothing was deleted', async () => {
      const { store } = current;
      await push(store, app, 'one', { tags: [latest] });
      expect(await store.repositories.removeDeleted({ reviewAfter: start, limit: 10 })).toEqual({ removed: 0 });
      expect(await store.statistics()).toMatchObject({ repositories: 1, manifests: 1, tags: 1 });
    });
  });
}
