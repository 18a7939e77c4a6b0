import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { app, latest, publish, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';
import { useTemporaryDirectory } from './temporary-directory.ts';

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
    const directory = useTemporaryDirectory();

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

    test('a snapshot is written for its owner only, and says how large it is', async () => {
      const destination = directory.file('private');
      const { size } = await current.store.snapshot(destination);
      const file = await stat(destination);
      expect(file.size).toBe(size);
      expect(file.mode & 0o777).toBe(0o600);
    });

    test('a snapshot never replaces a file', async () => {
      const destination = directory.file('taken');
      await writeFile(destination, 'precious');
      await expect(current.store.snapshot(destination)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await readFile(destination, 'utf8')).toBe('precious');
    });

    test('a snapshot that cannot be written is UNAVAILABLE', async () => {
      const destination = directory.file('missing/snapshot');
      await expect(current.store.snapshot(destination)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
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
        for (const page of pages) await expect(page).rejects.toMatchObject({ code: 'PARAMETER_INVALID' });
      },
    );
  });
}
