import type { RepositoryName } from '@mcr/core';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const repositories = sqliteTable('repositories', {
  id: integer('id').primaryKey(),
  name: text('name').$type<RepositoryName>().notNull(),
  createdAt: integer('created_at').notNull(),
  lastPushAt: integer('last_push_at'),
  /** Kept by triggers. */
  totalSize: integer('total_size').notNull().default(0),
});
