import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const delegations = sqliteTable('delegations', {
  id: text('id').primaryKey(),
  accountId: text('account_id').notNull(),
  accountName: text('account_name').notNull(),
  pattern: text('pattern').notNull(),
  grantedBy: text('granted_by'),
  grantedByName: text('granted_by_name'),
  grantedAt: integer('granted_at').notNull(),
});
