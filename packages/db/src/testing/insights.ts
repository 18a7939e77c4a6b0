import { digestOf, parseRepositoryName, parseTag, type Tag } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { app, change, day, hour, latest, other, publish, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const v1 = parseTag('v1');
const index = 'application/vnd.oci.image.index.v1+json';

export function insightsContract(current: CurrentStore): void {
  describe('figures', () => {
    test('sizes follow pushes and deletions, and count each blob once in each repository', async () => {
      const { store } = current;
      const shared = await publish(store, app, 'shared');
      const own = await publish(store, app, 'own');
      await store.blobs.mount({
        ...change,
        from: app,
        repository: other,
        digest: shared.digest,
        leasedUntil: start + hour,
        reviewAfter: start,
      });
      const one = await push(store, app, 'one', { blobs: [shared.digest, own.digest] });
      await push(store, app, 'two', { blobs: [shared.digest] });
      await push(store, other, 'three', { blobs: [shared.digest] });
      const size = async () => (await store.repositories.getSummary(app)).totalSize;
      expect(await size()).toBe('sharedownonetwo'.length);
      expect(await store.repositories.usage(app)).toEqual({ uniqueSize: 'own'.length });
      expect(await store.repositories.referencedBytes()).toBe('sharedownonetwo'.length + 'sharedthree'.length);
      await store.manifests.delete({ ...change, repository: app, digest: one, reviewAfter: start });
      expect(await size()).toBe('sharedtwo'.length);
      await store.blobs.delete({ ...change, repository: app, digest: shared.digest, reviewAfter: start });
      expect(await size()).toBe('two'.length);
      await store.repositories.delete({ ...change, repository: app, reviewAfter: start });
      expect(await store.repositories.referencedBytes()).toBe('sharedthree'.length);
    });

    test.each([
      ['size', ['big', 'c', 'b', 'a']],
      ['last_push', ['c', 'b', 'a', 'big']],
      ['name', ['a', 'b', 'big', 'c']],
    ] as const)('repositories come by %s, page after page', async (order, names) => {
      const { store } = current;
      for (const [name, text, now] of [
        ['big', 'longest', 1],
        ['a', 'x', 2],
        ['b', 'y', 2],
        ['c', 'z', 3],
      ] as const)
        await push(store, parseRepositoryName(name), text, { now });
      const found: string[] = [];
      for (let after = ''; ; ) {
        const [summary] = await store.repositories.listSummaries({ order, limit: 1, after });
        if (summary === undefined) break;
        const { name, totalSize, lastPushAt } = summary;
        found.push(name);
        after = { name, size: `${totalSize} ${name}`, last_push: `${lastPushAt} ${name}` }[order];
      }
      expect(found).toEqual(names);
    });

    test('activity counts the events of each day', async () => {
      const { store } = current;
      const today = start / day;
      await push(store, app, 'one');
      await push(store, app, 'two', { now: start + day - 1 });
      await push(store, app, 'three', { now: start + day });
      const pushes = (at: number, n: number) => ({ day: at, type: 'manifest_pushed', n });
      expect(await store.audit.activity({ sinceDay: today })).toEqual([pushes(today, 2), pushes(today + 1, 1)]);
      expect(await store.audit.activity({ sinceDay: today + 1 })).toEqual([pushes(today + 1, 1)]);
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

    test('a manifest is shown with tags, children, parents, referrers and where its blobs are', async () => {
      const { store } = current;
      const { digest: blob } = await publish(store, app, 'layer');
      await store.blobs.mount({
        ...change,
        from: app,
        repository: other,
        digest: blob,
        leasedUntil: start + hour,
        reviewAfter: start,
      });
      await push(store, other, 'elsewhere', { blobs: [blob] });
      const image = await push(store, app, 'image', { blobs: [blob] });
      const list = await push(store, app, 'index', { mediaType: index, children: [image], tags: [latest] });
      const signature = await push(store, app, 'signature', { subject: image });
      const seen = await store.manifests.inspect(app, { kind: 'tag', tag: latest });
      expect(seen).toMatchObject({
        manifest: { digest: list },
        totalSize: 5,
        tags: ['latest'],
        children: [{ digest: image, totalSize: 5 }],
        parents: [],
        referrers: [{ digest: signature, subject: image }],
        blobs: [],
      });
      await publish(store, app, 'another layer');
      expect(await store.manifests.inspect(app, { kind: 'digest', digest: image })).toMatchObject({
        totalSize: 5,
        tags: [],
        parents: [list],
        blobs: [{ digest: blob, size: 5, repositories: 2 }],
      });
      await expect(store.manifests.inspect(app, { kind: 'tag', tag: v1 })).rejects.toMatchObject({
        code: 'MANIFEST_UNKNOWN',
      });
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

    test('keeps a manifest that an index lists, and all of them when told so', async () => {
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

    test('is refused when something changed since the plan, and does nothing then', async () => {
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
