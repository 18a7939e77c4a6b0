import { databasePool, type PostgresVersion, requirePostgres, sharedPostgres } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeMetadataStore, describeSharedMetadataStore } from '../testing/index.ts';
import { migrate } from './migrate.ts';
import { PostgresMetadataStore } from './postgres-metadata-store.ts';

describe.each<PostgresVersion>([15, 18])('PostgreSQL %i', (version) => {
  describe.skipIf(!requirePostgres(version))('has a store', () => {
    const take = databasePool(version, (url) => migrate({ url }));
    beforeAll(() => sharedPostgres(version), 120_000);

    const make = async () => {
      const database = await take();
      const store = await PostgresMetadataStore.open({ url: database.url });
      return {
        store,
        async dispose() {
          await store.close();
          await database[Symbol.asyncDispose]();
        },
      };
    };
    describeMetadataStore('PostgresMetadataStore', make, { snapshots: false });

    test('a snapshot is rejected, with what to do instead', async () => {
      const made = await make();
      await expect(made.store.snapshot('snapshot')).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        message: expect.stringContaining('pg_dump'),
      });
      await made.dispose();
    });

    describeSharedMetadataStore('Two PostgresMetadataStores on one database', async () => {
      const database = await take();
      const [store, second] = await Promise.all([1, 2].map(() => PostgresMetadataStore.open({ url: database.url })));
      return {
        store: store!,
        second: second!,
        async dispose() {
          await Promise.all([store!.close(), second!.close()]);
          await database[Symbol.asyncDispose]();
        },
      };
    });
  });
});
