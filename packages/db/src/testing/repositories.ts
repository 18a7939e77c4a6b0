import { digestOf, parseRepositoryName } from '@mcr/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { app, change, day, hour, lastEvent, latest, other, publish, push, reviewAll, start } from './fixtures.ts';
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
      expect(await store.getRepositorySummary(app)).toEqual({
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
      await store.createUpload({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      const empty = { name: app, tagCount: 0, manifestCount: 0, totalSize: 0, createdAt: start };
      expect(await store.getRepositorySummary(app)).toEqual(empty);
      await expect(store.getRepositorySummary(other)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
    });

    test('summaries of a page are those of its repositories', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      await push(store, app, 'one', { blobs: [digest] });
      await push(store, other, 'two', { tags: [latest] });
      const page = await store.listRepositorySummaries({ limit: 10 });
      expect(page).toEqual([await store.getRepositorySummary(app), await store.getRepositorySummary(other)]);
      expect(await store.listRepositorySummaries({ after: app, limit: 10 })).toEqual(page.slice(1));
    });

    test('a search finds the names that contain it, whatever it is made of', async () => {
      const { store } = current;
      const names = ['a_b', 'axb', 'team/app', 'team/base'];
      for (const name of names) await push(store, parseRepositoryName(name), 'manifest');
      const search = async (text: string) =>
        (await store.listRepositorySummaries({ search: text, limit: 10 })).map(({ name }) => name);
      const anyText = fc.oneof(fc.constantFrom('', 'a', '_', '%', 'TEAM/', "'", '\0', '*', 'p'), fc.string());
      await fc.assert(
        fc.asyncProperty(anyText, async (text) => {
          expect(await search(text)).toEqual(names.filter((name) => name.includes(text.toLowerCase())));
        }),
        { numRuns: 50 },
      );
    });
  });

  describe('deleteRepository', () => {
    const remove = { ...change, repository: app, reviewAfter: start + hour };

    test('deletes everything that is in it, and nothing that is in others', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      await store.mountBlob({ ...remove, from: app, repository: other, digest, leasedUntil: start + hour });
      for (const repository of [app, other]) await push(store, repository, 'one', { blobs: [digest], tags: [latest] });
      await store.deleteRepository(remove);
      await expect(store.listTags(app, { limit: 10 })).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      expect(await store.findBlob(app, digest, start)).toBeUndefined();
      expect(await store.listRepositories({ limit: 10 })).toEqual([other]);
      expect(await store.statManifest(other, { kind: 'tag', tag: latest })).toMatchObject({ digest: digestOf('one') });
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
      await store.deleteRepository(remove);
      expect(await reviewAll(store, start + day)).toMatchObject({ blobsRemoved: 2 });
      expect(await store.statistics()).toMatchObject({ blobs: 0, blobBytes: 0 });
    });

    test('a repository of the same name begins empty', async () => {
      const { store } = current;
      await push(store, app, 'one', { tags: [latest] });
      await store.deleteRepository(remove);
      await expect(store.deleteRepository(remove)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await store.createUpload({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      expect(await store.listTags(app, { limit: 10 })).toEqual([]);
    });
  });
}
