import { digestOf, parseTag, type Tag } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { app, change, day, hour, lastEvent, latest, other, publish, push, reviewAll, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const v1 = parseTag('v1');
const index = 'application/vnd.oci.image.index.v1+json';

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

    test('tags are found by their beginning in every repository, without those of deleted ones', async () => {
      const { store } = current;
      for (const [repository, name] of [
        [app, 'v1'],
        [app, 'v10'],
        [other, 'v1'],
        [other, 'w'],
        [app, 'V1'],
      ] as const)
        await push(store, repository, `${repository} ${name}`, { tags: [parseTag(name)] });
      const find = async (prefix: string, limit = 10) =>
        (await store.tags.findByPrefix({ prefix, limit })).map((tag) => `${tag.repository}:${tag.name}`);
      expect((await find('v1')).toSorted()).toEqual([`${app}:v1`, `${app}:v10`, `${other}:v1`].toSorted());
      expect(await find('v', 2)).toHaveLength(2);
      expect(await find('v1_')).toEqual([]);
      await store.repositories.delete({ ...change, repository: other, reviewAfter: start + day });
      expect(await find('v1')).toEqual([`${app}:v1`, `${app}:v10`]);
    });

    test('manifests are found by the beginning of their digest in every repository', async () => {
      const { store } = current;
      const [one, two] = [await push(store, app, 'same'), await push(store, app, 'another')];
      await push(store, other, 'same');
      const find = async (prefix: string) => await store.manifests.findByPrefix({ prefix, limit: 10 });
      const places = (await find(one.slice(0, 20))).map(({ repository }) => repository);
      expect(places.toSorted()).toEqual([app, other].toSorted());
      expect(await find(two)).toEqual([{ repository: app, digest: two }]);
      expect(await find(`${one}0`)).toEqual([]);
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

  describe('delete', () => {
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

    test('rejects unknown repositories and tags', async () => {
      const { store } = current;
      await expect(store.tags.delete(remove)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await push(store, app, 'one');
      await expect(store.tags.delete(remove)).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });
    });
  });

  describe('tag details', () => {
    test('tell sizes with all that an index lists, by name, by time and by a part of the name', async () => {
      const { store } = current;
      const { digest: blob } = await publish(store, app, 'layer');
      const image = await push(store, app, 'image', { blobs: [blob], tags: [v1] });
      const list = await push(store, app, 'index', {
        mediaType: index,
        children: [image],
        tags: [latest],
        now: start + 1,
      });
      const details = { artifactType: undefined, totalSize: 5 };
      const [first, second] = await store.tags.listDetails(app, { limit: 10 });
      expect(first).toMatchObject({ name: 'latest', digest: list, mediaType: index, totalSize: details.totalSize });
      expect(second).toMatchObject({ name: 'v1', digest: image, totalSize: 5 });
      expect(Buffer.from(second?.content ?? []).toString()).toBe('image');
      const names = async (page: object) =>
        (await store.tags.listDetails(app, { limit: 10, ...page })).map(({ name }) => name);
      expect(await names({ order: 'updated' })).toEqual(['latest', 'v1']);
      expect(await names({ order: 'updated', after: `${start + 1} latest` })).toEqual(['v1']);
      expect(await names({ search: 'a' })).toEqual(['latest']);
      expect(await names({ search: 'LaT' })).toEqual(['latest']);
      await expect(store.tags.listDetails(other, { limit: 1 })).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
    });

    test('tags come in the order of versions, page after page, and a search takes upper and lower case as the same', async () => {
      const { store } = current;
      const versions = ['1.9', '1.10', '2.0.0-RC.2', '2.0.0-rc.10', '2.0.0', 'Latest', 'v10'];
      await push(store, app, 'image', { tags: versions.toReversed().map(parseTag) });
      for (const limit of [1, 3, 10]) {
        const seen: string[] = [];
        for (let after = ''; ; after = seen.at(-1) ?? '') {
          const page = await store.tags.listDetails(app, { limit, order: 'version', after });
          if (page.length === 0) break;
          seen.push(...page.map(({ name }) => name));
        }
        expect(seen).toEqual(versions);
      }
      const records = await store.tags.listRecords(app, { limit: 3, order: 'version', after: '1.9' });
      expect(records.map(({ name }) => name)).toEqual(versions.slice(1, 4));
      const found = await store.tags.listDetails(app, { limit: 10, order: 'version', search: 'rc' });
      expect(found.map(({ name }) => name)).toEqual(['2.0.0-RC.2', '2.0.0-rc.10']);
    });
  });

  describe('deletion of tags', () => {
    const deletion = (tags: readonly Tag[], withManifests = true) => ({ repository: app, tags, withManifests });

    test('takes what only these tags lead to, and says what stays and what it frees', async () => {
      const { store } = current;
      const [layer, base] = [await publish(store, app, 'layer'), await publish(store, app, 'base')];
      const image = await push(store, app, 'image', { blobs: [layer.digest, base.digest] });
      const list = await push(store, app, 'index', { mediaType: index, children: [image], tags: [latest, v1] });
      const signature = await push(store, app, 'signature', { subject: image });
      await push(store, app, 'kept', { blobs: [base.digest], tags: [parseTag('kept')] });

      expect(await store.tags.planDeletion(deletion([latest]))).toMatchObject({
        tags: [{ name: 'latest', digest: list, otherTags: ['v1'] }],
        manifests: [],
        freedBytes: 0,
      });
      const plan = await store.tags.planDeletion(deletion([latest, v1]));
      expect(plan.manifests.map(({ digest }) => digest)).toEqual([image, list, signature].toSorted());
      expect(plan.freedBytes).toBe('layer'.length);
      await store.tags.deleteMany({ ...deletion([v1, latest]), ...change, plan: plan.id, reviewAfter: start + day });
      expect(await store.tags.list(app, { limit: 10 })).toEqual(['kept']);
      expect((await store.manifests.list(app, { limit: 10 })).map(({ digest }) => digest)).toEqual([digestOf('kept')]);
      expect((await store.audit.list({ type: 'tag_deleted', limit: 9 })).length).toBe(2);
      expect((await store.audit.list({ type: 'manifest_deleted', limit: 9 })).length).toBe(3);
    });

    test('keeps a manifest that an index lists, and all of them when asked to', async () => {
      const { store } = current;
      const image = await push(store, app, 'image', { tags: [v1] });
      await push(store, app, 'index', { mediaType: index, children: [image], tags: [latest] });
      expect(await store.tags.planDeletion(deletion([v1]))).toMatchObject({ manifests: [] });
      expect(await store.tags.planDeletion(deletion([v1, latest], false))).toMatchObject({
        manifests: [],
        freedBytes: 0,
      });
    });

    test('is done once, and the same plan again is neither a conflict nor missing', async () => {
      const { store } = current;
      await push(store, app, 'one', { tags: [v1, latest] });
      const { id: plan } = await store.tags.planDeletion(deletion([v1]));
      const input = { ...deletion([v1]), ...change, plan, reviewAfter: start };
      expect(await store.tags.deleteMany(input)).toMatchObject({ id: plan });
      expect(await store.tags.deleteMany(input)).toBeUndefined();
      expect(await store.audit.list({ type: 'tag_deleted', limit: 9 })).toMatchObject([{ details: { plan } }]);
      await expect(store.tags.deleteMany({ ...input, plan: 'another' })).rejects.toMatchObject({
        code: 'MANIFEST_UNKNOWN',
      });
      // The same tags on the same manifests make the same plan, which then deletes what was pushed anew.
      await push(store, app, 'one', { tags: [v1] });
      expect(await store.tags.deleteMany(input)).toMatchObject({ id: plan });
      expect(await store.tags.list(app, { limit: 10 })).toEqual(['latest']);
    });

    test('is rejected when something changed since the plan, and does nothing then', async () => {
      const { store } = current;
      await push(store, app, 'one', { tags: [v1] });
      const { id } = await store.tags.planDeletion(deletion([v1]));
      await push(store, app, 'two', { tags: [v1] });
      const input = { ...deletion([v1]), ...change, plan: id, reviewAfter: start };
      await expect(store.tags.deleteMany(input)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await store.tags.list(app, { limit: 10 })).toEqual(['v1']);
      await expect(store.tags.planDeletion(deletion([latest]))).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });
    });
  });
}
