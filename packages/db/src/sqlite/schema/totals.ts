import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';

/** What the whole registry holds, in one row; kept by triggers. Deleted repositories do not count. */
export const totals = sqliteTable('totals', {
  id: integer('id').primaryKey(),
  repositories: integer('repositories').notNull(),
  manifests: integer('manifests').notNull(),
  tags: integer('tags').notNull(),
  blobs: integer('blobs').notNull(),
  blobBytes: integer('blob_bytes').notNull(),
  quarantined: integer('quarantined').notNull(),
  uploads: integer('uploads').notNull(),
  referencedBytes: integer('referenced_bytes').notNull(),
});
