import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const identities = sqliteTable('identities', {
  id: text('id').primaryKey(),
  provider: text('provider').notNull(),
  subject: text('subject').notNull(),
  username: text('username').notNull(),
  roles: text('roles', { mode: 'json' }).$type<readonly string[]>().notNull(),
  blocked: integer('blocked', { mode: 'boolean' }).notNull(),
  createdAt: integer('created_at').notNull(),
  signedInAt: integer('signed_in_at').notNull(),
});
