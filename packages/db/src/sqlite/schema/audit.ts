import type { AuditEventType } from '@mcr/core';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const auditLog = sqliteTable('audit_log', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  at: integer('at').notNull(),
  type: text('event_type').$type<AuditEventType>().notNull(),
  actorId: text('actor_id'),
  actorName: text('actor_name'),
  repository: text('repository'),
  digest: text('digest'),
  ip: text('ip'),
  details: text('details', { mode: 'json' }).$type<Readonly<Record<string, string>>>().notNull(),
});

/** The id that an actor of this name had last. */
export const actorNames = sqliteTable('actor_names', {
  name: text('name').primaryKey(),
  id: text('id').notNull(),
});

/** How many events of a type a day had; days are counted from the epoch, in UTC. */
export const activity = sqliteTable(
  'activity',
  {
    day: integer('day').notNull(),
    type: text('event_type').$type<AuditEventType>().notNull(),
    n: integer('n').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.type] })],
);

/**
 * The times that 1,024 events of consecutive ids span. Its statements are raw SQL; tests compare it with the migrations.
 * @internal
 */
export const auditBlocks = sqliteTable('audit_blocks', {
  block: integer('block').primaryKey(),
  firstAt: integer('first_at').notNull(),
  lastAt: integer('last_at').notNull(),
});
