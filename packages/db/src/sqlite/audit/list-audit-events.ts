import { and, desc, eq, gte, lt, lte, max, min, type SQL } from 'drizzle-orm';
import type { AuditFilter, StoredAuditEvent } from '../../metadata-store.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../operation.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { auditLog } from '../schema/index.ts';

export const listAuditEvents: Operation<'listAuditEvents'> = ({ db }) => {
  return (filter) =>
    db
      .select()
      .from(auditLog)
      .where(and(...matching(filter), ...idBounds(db, filter)))
      .orderBy(desc(auditLog.id))
      .limit(pageLimit(filter.limit))
      .offset(pageLimit(filter.offset ?? 0))
      .all()
      .map(toEvent);
};

function matching({ type, actorId, repository, before, ...period }: AuditFilter): (SQL | undefined)[] {
  return [
    type === undefined ? undefined : eq(auditLog.type, type),
    actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
    repository === undefined ? undefined : eq(auditLog.repository, repository),
    before === undefined ? undefined : lt(auditLog.id, before),
    ...within(period),
  ];
}

function within({ since, until }: Pick<AuditFilter, 'since' | 'until'>): (SQL | undefined)[] {
  return [
    since === undefined ? undefined : gte(auditLog.at, since),
    until === undefined ? undefined : lt(auditLog.at, until),
  ];
}

/**
 * Ids and times grow together, nearly: the ids that a period spans keep the walk over the newest events short, where
 * the other filters match few of them.
 */
function idBounds(db: Connection['db'], period: AuditFilter): SQL[] {
  if (period.since === undefined && period.until === undefined) return [];
  const span = db
    .select({ first: min(auditLog.id), last: max(auditLog.id) })
    .from(auditLog)
    .where(and(...within(period)))
    .get();
  return [gte(auditLog.id, span?.first ?? 0), lte(auditLog.id, span?.last ?? 0)];
}

/** An event as it is stored. */
export function toEvent({ actorId, actorName, ip, ...row }: typeof auditLog.$inferSelect): StoredAuditEvent {
  return withoutNulls({ ...row, actor: withoutNulls({ id: actorId, name: actorName, ip }) });
}
