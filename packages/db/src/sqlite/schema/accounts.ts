import type { AccountType, Action, Effect } from '@mcr/core';
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

export const policyRules = sqliteTable('policy_rules', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  priority: integer('priority').notNull(),
  description: text('description').notNull(),
  effect: text('effect').$type<Effect>().notNull(),
  roles: text('roles', { mode: 'json' }).$type<readonly string[]>().notNull(),
  accountTypes: text('account_types', { mode: 'json' }).$type<readonly AccountType[]>().notNull(),
  subject: text('subject'),
  actions: text('actions', { mode: 'json' }).$type<readonly Action[]>().notNull(),
  repositories: text('repositories', { mode: 'json' }).$type<readonly string[]>().notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  createdBy: text('created_by'),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
  /** The patterns as they were before an upgrade rewrote them, until they are saved again. */
  rewrittenFrom: text('rewritten_from', { mode: 'json' }).$type<readonly string[]>(),
  exceptRoles: text('except_roles', { mode: 'json' }).$type<readonly string[]>().notNull().default([]),
  exceptSubjects: text('except_subjects', { mode: 'json' }).$type<readonly string[]>().notNull().default([]),
  delegated: integer('delegated', { mode: 'boolean' }).notNull().default(false),
});
