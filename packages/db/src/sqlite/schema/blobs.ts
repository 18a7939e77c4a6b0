import type { Digest } from '@mcr/core';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Damage } from '../../facets/blobs.ts';

export const blobs = sqliteTable('blobs', {
  id: integer('id').primaryKey(),
  digest: text('digest').$type<Digest>().notNull(),
  size: integer('size').notNull(),
  locator: text('locator').notNull(),
  createdAt: integer('created_at').notNull(),
  /** What is wrong with the bytes; a blob that has this is in quarantine. */
  damage: text('damage').$type<Damage>(),
  quarantinedAt: integer('quarantined_at'),
  /** Repositories whose manifests reference it; kept by triggers. */
  repositoryCount: integer('repository_count').notNull().default(0),
});

/** Leases of repositories on blobs; a row counts while `leased_until` lies ahead. */
export const blobLinks = sqliteTable(
  'blob_links',
  {
    repositoryId: integer('repository_id').notNull(),
    blobId: integer('blob_id').notNull(),
    leasedUntil: integer('leased_until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.blobId] })],
);
