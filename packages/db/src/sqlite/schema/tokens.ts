import type { AccountType, Action, TokenScope } from '@mcr/core';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const accessTokens = sqliteTable('access_tokens', {
  id: text('id').primaryKey(),
  accountId: text('account_id').notNull(),
  accountName: text('account_name').notNull(),
  name: text('name').notNull(),
  secretHash: text('secret_hash').notNull(),
  previousHash: text('previous_hash'),
  previousUntil: integer('previous_until'),
  generation: integer('generation').notNull(),
  actions: text('actions', { mode: 'json' }).$type<readonly Action[]>().notNull(),
  repositories: text('repositories', { mode: 'json' }).$type<readonly string[]>().notNull(),
  scope: text('scope').$type<TokenScope>().notNull(),
  createdBy: text('created_by'),
  createdByName: text('created_by_name'),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  rotatedAt: integer('rotated_at'),
  lastUsedAt: integer('last_used_at'),
  lastUsedIp: text('last_used_ip'),
});

export const tokenOwners = sqliteTable('token_owners', {
  id: text('id').primaryKey(),
  username: text('username').notNull(),
  accountType: text('account_type').$type<AccountType>().notNull(),
  roles: text('roles', { mode: 'json' }).$type<readonly string[]>().notNull(),
  signedInAt: integer('signed_in_at').notNull(),
  blocked: integer('blocked', { mode: 'boolean' }).notNull().default(false),
});
