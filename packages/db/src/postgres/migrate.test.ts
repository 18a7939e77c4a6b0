import { digestOf } from '@mcr/core';
import { createDatabase, requirePostgres, sharedPostgres } from '@mcr/testkit';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { app, latest, push } from '../testing/fixtures.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { PostgresMetadataStore } from './postgres-metadata-store.ts';

describe.skipIf(!requirePostgres(15))('migrations in PostgreSQL', () => {
  test('know of tags from before neither who pushed nor who pulled them, and note it from then on', async () => {
    await using database = await createDatabase(await sharedPostgres(15));
    const before = migrations.findIndex(({ name }) => name === 'last-pulls');
    await migrate(database, migrations.slice(0, before));
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query(
      `INSERT INTO repositories (id, name, created_at) OVERRIDING SYSTEM VALUE VALUES (1000, '${app}', 0)`,
    );
    await client.query(`INSERT INTO manifests (id, repository_id, digest, media_type, size, created_at, content)
      OVERRIDING SYSTEM VALUE VALUES (1000, 1000, '${digestOf('old')}', 'text/plain', 0, 0, '')`);
    await client.query(
      `INSERT INTO tags (repository_id, name, manifest_id, updated_at) VALUES (1000, '${latest}', 1000, 5)`,
    );
    await client.end();
    const store = await PostgresMetadataStore.open({ url: database.url });
    try {
      const list = async () => (await store.tags.listDetails(app, { limit: 9 }))[0];
      expect(await list()).toMatchObject({ name: latest, updatedAt: 5, attached: [] });
      for (const field of ['pushedBy', 'lastPulledAt', 'imagePulledAt']) expect(await list()).not.toHaveProperty(field);
      await store.manifests.notePulls([{ repository: app, digest: digestOf('old'), tag: latest, at: 7, by: 'bob' }]);
      expect(await list()).toMatchObject({ lastPulledAt: 7, imagePulledBy: 'bob' });
      await push(store, app, 'new', { tags: [latest] });
      expect(await list()).toMatchObject({ pushedBy: 'ada', lastPulledAt: 7 });
    } finally {
      await store.close();
    }
  });
});
