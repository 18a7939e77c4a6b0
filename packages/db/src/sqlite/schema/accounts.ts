import type { AccountType } from '@mcr/core';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const accounts = sqliteTable('accounts', {
  id: text('id').primaryKey(),
  username: text('username').notNull(),
  type: text('type').$type<AccountType>().notNull(),
  roles: text('roles', { mode: 'json' }).$type<readonly string[]>().notNull(),
  passwordHash: text('password_hash').notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

export const revokedTokens = sqliteTable('revoked_tokens', {
  tokenId: text('token_id').primaryKey(),
  expiresAt: integer('expires_at').notNull(),
});
