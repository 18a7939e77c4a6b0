import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const uploads = sqliteTable('uploads', {
  id: text('uuid').primaryKey(),
  repositoryId: integer('repository_id').notNull(),
  createdBy: text('created_by').notNull(),
  offset: integer('byte_offset').notNull(),
  sha256AtOffset: text('sha256_at_offset'),
  version: integer('version').notNull(),
  touchedAt: integer('touched_at').notNull(),
});
