import { describe, expect, test } from 'vitest';
import { app, latest, publish, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function maintenanceContract(current: CurrentStore): void {
  describe('statistics', () => {
    test('of an empty store are zero', async () => {
      const nothing = { repositories: 0, manifests: 0, tags: 0, blobs: 0, blobBytes: 0, uploads: 0 };
      expect(await current.store.statistics()).toEqual(nothing);
    });

    test('count everything once', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      await publish(store, app, 'layer');
      await push(store, app, 'one', { blobs: [digest], tags: [latest] });
      await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      const counts = { repositories: 1, manifests: 1, tags: 1, blobs: 1, blobBytes: 5, uploads: 1 };
      expect(await store.statistics()).toEqual(counts);
    });
  });

  describe('operation', () => {
    test('an open store can be pinged, a closed one cannot, and closing it again is harmless', async () => {
      const { store } = current;
      await store.ping();
      await store.close();
      await store.close();
      await expect(store.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await expect(push(store, app, 'manifest')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    });

    test('the store of the bytes has no id until one is set, and then the last one', async () => {
      const { store } = current;
      expect(await store.coordination.blobStoreId()).toBeUndefined();
      for (const id of ['one', 'two', 'two']) {
        await store.coordination.setBlobStoreId(id);
        expect(await store.coordination.blobStoreId()).toBe(id);
      }
    });

    test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
      'a page of %s entries is rejected',
      async (limit) => {
        const { store } = current;
        await push(store, app, 'manifest');
        const pages = [
          store.repositories.list({ limit }),
          store.tags.list(app, { limit }),
          store.manifests.list(app, { limit }),
          store.repositories.listSummaries({ limit }),
          store.audit.list({ limit }),
          store.accounts.list({ limit }),
          store.policy.listRules({ limit }),
        ];
        const invalid = { code: 'PARAMETER_INVALID' };
        await Promise.all(pages.map((page) => expect(page).rejects.toMatchObject(invalid)));
      },
    );
  });
}
