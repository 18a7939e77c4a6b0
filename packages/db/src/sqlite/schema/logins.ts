import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Failed logins by what they have in common. Its statements are raw SQL; tests compare it with the migrations.
 * @internal
 */
export const loginFailures = sqliteTable('login_failures', {
  seq: integer('seq').primaryKey(),
  key: text('key').notNull(),
  level: real('level').notNull(),
  at: integer('at').notNull(),
});
