import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Versions } from '../../facets/coordination.ts';

/** Who may run a job that only one process may run. A row without a holder keeps its fence. */
export const leases = sqliteTable('leases', {
  name: text('name').primaryKey(),
  owner: text('owner').notNull(),
  fence: integer('fence').notNull(),
  until: integer('until').notNull(),
});

/** Id of the store that has the bytes; one row at most. */
export const blobStore = sqliteTable('blob_store', {
  one: integer('one').primaryKey(),
  id: text('id').notNull(),
});

/**
 * What changes have returned, by their ids. Its statements are raw SQL; tests compare it with the migrations.
 * @internal
 */
export const changes = sqliteTable('changes', {
  seq: integer('seq').primaryKey(),
  id: text('id').notNull(),
  result: text('result'),
  at: integer('at').notNull(),
});

/** Counters that tell other processes that their caches are stale. */
export const versions = sqliteTable('versions', {
  scope: text('scope').$type<keyof Versions>().primaryKey(),
  n: integer('n').notNull(),
});
