import { parseTag } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { app, change, hour, lastEvent, latest, other, publish, push, reviewAll, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function tagContract(current: CurrentStore): void {
  describe('tags', () => {
    test('a push moves a tag, and the manifest that lost it stays', async () => {
      const { store } = current;
      const first = await push(store, app, 'one', { tags: [latest] });
      const second = await push(store, app, 'two', { tags: [latest], now: start + 1 });
      expect(await store.manifests.stat(app, { kind: 'tag', tag: latest })).toMatchObject({ digest: second });
      expect(await store.manifests.stat(app, { kind: 'digest', digest: first })).toMatchObject({ digest: first });
    });

    test('blobs of a manifest that lost its last tag are reviewed, and kept with the manifest', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer', { reviewAfter: start });
      await push(store, app, 'one', { blobs: [digest], tags: [latest, parseTag('v1')] });
      await reviewAll(store, start);
      await push(store, app, 'two', { tags: [latest], reviewAfter: start });
      expect(await reviewAll(store, start)).toMatchObject({ reviewed: 0 });
      await push(store, app, 'two', { tags: [parseTag('v1')], reviewAfter: start });
      expect(await reviewAll(store, start + 2 * hour)).toMatchObject({ reviewed: 1, blobsRemoved: 0 });
      expect(await store.blobs.find(app, digest, start + 2 * hour)).toBeDefined();
    });

    test('tag names differ by case and belong to one repository', async () => {
      const { store } = current;
      const lower = await push(store, app, 'lower', { tags: [parseTag('v1')] });
      const upper = await push(store, app, 'upper', { tags: [parseTag('V1')] });
      await push(store, other, 'other', { tags: [latest] });
      expect(await store.manifests.stat(app, { kind: 'tag', tag: parseTag('v1') })).toMatchObject({ digest: lower });
      expect(await store.manifests.stat(app, { kind: 'tag', tag: parseTag('V1') })).toMatchObject({ digest: upper });
      expect(await store.tags.list(app, { limit: 10 })).toEqual(['V1', 'v1']);
    });

    test('tag records say what a tag points to and since when', async () => {
      const { store } = current;
      const digest = await push(store, app, 'one', { mediaType: 'text/x', tags: [latest], now: start + 5 });
      expect(await store.tags.listRecords(app, { limit: 10 })).toEqual([
        { name: latest, digest, mediaType: 'text/x', size: 3, updatedAt: start + 5 },
      ]);
    });

    test('lists of an unknown repository are NAME_UNKNOWN', async () => {
      const { store } = current;
      const page = { limit: 10 };
      await expect(store.tags.list(app, page)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await expect(store.tags.listRecords(app, page)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await expect(store.manifests.list(app, page)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
    });
  });

  describe('deleteTag', () => {
    const remove = { ...change, repository: app, tag: latest, reviewAfter: start + hour };

    test('keeps the manifest and writes tag_deleted', async () => {
      const { store } = current;
      const digest = await push(store, app, 'one', { tags: [latest, parseTag('v1')] });
      await store.tags.delete(remove);
      expect(await store.tags.list(app, { limit: 10 })).toEqual(['v1']);
      expect(await store.manifests.stat(app, { kind: 'digest', digest })).toMatchObject({ digest });
      expect(await lastEvent(store)).toEqual({
        type: 'tag_deleted',
        repository: app,
        digest,
        details: { tag: latest },
      });
    });

    test('has blobs reviewed when the manifest loses its last tag', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer', { reviewAfter: start });
      await push(store, app, 'one', { blobs: [digest], tags: [latest, parseTag('v1')] });
      await reviewAll(store, start);
      await store.tags.delete(remove);
      expect(await reviewAll(store, start + hour)).toMatchObject({ reviewed: 0 });
      await store.tags.delete({ ...remove, tag: parseTag('v1') });
      expect(await reviewAll(store, start + hour)).toMatchObject({ reviewed: 1, blobsRemoved: 0 });
    });

    test('refuses unknown repositories and tags', async () => {
      const { store } = current;
      await expect(store.tags.delete(remove)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await push(store, app, 'one');
      await expect(store.tags.delete(remove)).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });
    });
  });
}
