import { parseRepositoryName } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { app, change, hour, other, publish, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function repositoryFiguresContract(current: CurrentStore): void {
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
  });
}
