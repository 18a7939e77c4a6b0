import { createDatabase, requirePostgres, sharedPostgres } from '@mcr/testkit';
import pg from 'pg';
import { describe, test } from 'vitest';
import { expectOlderData, olderRows } from '../testing/older-data.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { PostgresMetadataStore } from './postgres-metadata-store.ts';

describe.skipIf(!requirePostgres(15))('a PostgreSQL database', () => {
  test.each([
    ['had no access tokens yet', 1],
    ['had access tokens, and no people of providers', 3],
    ['had no delegations', 5],
    ['had no samples of its storage', 8],
    ['had no images by their tags', 9],
    ['had no layers by their sizes', 10],
  ])('that %s is upgraded with all that it knows', { timeout: 120_000 }, async (_, schema) => {
    await using database = await createDatabase(await sharedPostgres(15));
    const { url } = database;
    await migrate({ url }, migrations.slice(0, schema));
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const [table, row] of olderRows) {
      const names = Object.keys(row);
      const places = names.map((_name, at) => `$${at + 1}`);
      await client.query(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`,
        Object.values(row),
      );
    }
    await client.end();
    const store = await PostgresMetadataStore.open({ url });
    await expectOlderData(store);
    await store.close();
  });
});
