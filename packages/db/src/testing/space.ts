import { digestOf, parseRepositoryName } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { app, change, day, hour, other, publish, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function spaceContract(current: CurrentStore): void {
  const mountInto = async (repository: typeof app, text: string) => {
    const leases = { leasedUntil: start + hour, reviewAfter: start };
    await current.store.blobs.mount({ ...change, from: app, repository, digest: digestOf(text), ...leases });
  };

  describe('stored bytes', () => {
    test('of an empty store are zero', async () => {
      const nothing = { own: 0, shared: 0, waiting: 0, uploads: 0 };
      expect(await current.store.space.stored()).toEqual(nothing);
    });

    test('are in one place each, from the first push to the last collection, and add up to all there is', async () => {
      const { store } = current;
      const seen = async () => {
        const { own, shared, waiting } = await store.space.stored();
        const trash = await store.gc.listTrash({ limit: 9 });
        const { blobBytes } = await store.statistics();
        expect(own + shared + waiting).toBe(blobBytes + trash.reduce((sum, { size }) => sum + size, 0));
        return { own, shared, waiting };
      };
      const layer = await publish(store, app, 'layer');
      const base = await publish(store, app, 'a base');
      expect(await seen()).toEqual({ own: 0, shared: 0, waiting: 11 });
      await push(store, app, 'one', { blobs: [layer.digest, base.digest] });
      expect(await seen()).toEqual({ own: 11, shared: 0, waiting: 0 });
      await mountInto(other, 'a base');
      const second = await push(store, other, 'two', { blobs: [base.digest] });
      expect(await seen()).toEqual({ own: 5, shared: 6, waiting: 0 });
      const third = parseRepositoryName('third');
      await mountInto(third, 'a base');
      await push(store, third, 'three', { blobs: [base.digest] });
      expect(await seen()).toEqual({ own: 5, shared: 6, waiting: 0 });
      for (const repository of [third, other])
        await store.repositories.delete({ ...change, repository, reviewAfter: start });
      expect(await store.manifests.stat(app, { kind: 'digest', digest: second }).catch(() => 'gone')).toBe('gone');
      expect(await seen()).toEqual({ own: 11, shared: 0, waiting: 0 });
      await store.repositories.delete({ ...change, repository: app, reviewAfter: start });
      expect(await seen()).toEqual({ own: 0, shared: 0, waiting: 11 });
      await store.gc.review({ now: start + 9 * day, limit: 10 });
      expect(await seen()).toEqual({ own: 0, shared: 0, waiting: 11 });
      for (const { locator } of await store.gc.listTrash({ limit: 9 })) await store.gc.dropTrash(locator);
      expect(await seen()).toEqual({ own: 0, shared: 0, waiting: 0 });
    });

    test('are those of a repository until its rows are gone, where they are many', async () => {
      const { store } = current;
      for (const name of ['one', 'two', 'three']) {
        const { digest } = await publish(store, app, name);
        await push(store, app, `manifest of ${name}`, { blobs: [digest] });
      }
      await store.repositories.delete({ ...change, repository: app, reviewAfter: start, limit: 1 });
      expect(await store.space.stored()).toMatchObject({ own: 0, waiting: 'onetwothree'.length });
      while ((await store.repositories.removeDeleted({ reviewAfter: start, limit: 1 })).removed > 0);
      expect(await store.space.stored()).toMatchObject({ own: 0, waiting: 'onetwothree'.length });
    });

    test('of uploads are what they have so far', async () => {
      const { store } = current;
      for (const id of ['u1', 'u2']) {
        await store.uploads.create({ id, repository: app, createdBy: 'ada', now: start });
        const piece = { locator: `uploads/${id}`, size: 7 };
        await store.uploads.advance({ id, version: 0, offset: 7, piece, now: start });
      }
      expect(await store.space.stored()).toMatchObject({ uploads: 14 });
    });
  });

  test('the largest repositories are those that hold most for themselves', async () => {
    const { store } = current;
    const base = await publish(store, app, 'a large base that is shared');
    const small = await publish(store, app, 'x');
    await push(store, app, 'one', { blobs: [base.digest, small.digest] });
    await mountInto(other, 'a large base that is shared');
    const layer = await publish(store, other, 'a layer');
    await push(store, other, 'two', { blobs: [base.digest, layer.digest] });
    await push(store, parseRepositoryName('third'), 'without layers');
    const largest = [
      { name: other, ownBytes: 7 },
      { name: app, ownBytes: 1 },
    ];
    expect(await store.space.largest({ limit: 5 })).toEqual(largest);
    expect(await store.space.largest({ limit: 1 })).toEqual(largest.slice(0, 1));
  });

  test('a day has one sample, the last one, and what is too old is forgotten', async () => {
    const { space } = current.store;
    const put = (day: number, storedBytes: number, usedBytes?: number) =>
      space.putSample({ day, storedBytes, ...(usedBytes !== undefined && { usedBytes }), keepSince: day - 2 });
    await put(10, 1, 5);
    await put(11, 2, 6);
    await put(11, 3, 7);
    const second = { day: 11, storedBytes: 3, usedBytes: 7 };
    expect(await space.samples({ sinceDay: 0 })).toEqual([{ day: 10, storedBytes: 1, usedBytes: 5 }, second]);
    expect(await space.samples({ sinceDay: 11 })).toEqual([second]);
    await put(13, 4);
    expect(await space.samples({ sinceDay: 0 })).toEqual([second, { day: 13, storedBytes: 4 }]);
  });
}
