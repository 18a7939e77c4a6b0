import type { RepositoryName } from '@mcr/core';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const repositories = sqliteTable('repositories', {
  id: integer('id').primaryKey(),
  name: text('name').$type<RepositoryName>().notNull(),
  createdAt: integer('created_at').notNull(),
  lastPushAt: integer('last_push_at'),
  /** Figures are kept by triggers. */
  totalSize: integer('total_size').notNull().default(0),
  tagCount: integer('tag_count').notNull().default(0),
  manifestCount: integer('manifest_count').notNull().default(0),
  /** Bytes of the blobs that no other repository references. */
  uniqueSize: integer('unique_size').notNull().default(0),
  /** When it was deleted; then it has no name any more, and its rows are being removed. */
  deletedAt: integer('deleted_at'),
  /** How many blobs no other repository references; kept by triggers. */
  uniqueBlobs: integer('unique_blobs').notNull().default(0),
  description: text('description'),
});
