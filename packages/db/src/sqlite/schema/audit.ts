import type { AuditEventType } from '@mcr/core';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

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
