import { and, asc, lt, ne, sql } from 'drizzle-orm';
import type { AuditLog } from '../../facets/audit.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { auditLog } from '../schema/index.ts';
import { prepareEventLog } from './event-log.ts';
import { toEvent } from './list-audit-events.ts';

export const listExpiredAuditEvents: Operation<AuditLog['listExpired']> = ({ db }) => {
  const beginning = { at: 0, id: 0 };
  return ({ before, after = beginning, limit }) =>
    db
      .select()
      .from(auditLog)
      .where(
        and(
          lt(auditLog.at, before),
          sql`(${auditLog.at}, ${auditLog.id}) > (${after.at}, ${after.id})`,
          // The plus keeps SQLite on the index of times.
          ne(sql`+${auditLog.type}`, 'blob_deleted'),
        ),
      )
      .orderBy(asc(auditLog.at), asc(auditLog.id))
      .limit(pageLimit(limit))
      .all()
      .map(toEvent);
};

export const deleteAuditEvents: Operation<AuditLog['delete']> = (connection) => {
  const log = prepareEventLog(connection);
  const remove = connection.sqlite.prepare('DELETE FROM audit_log WHERE id = ?');
  return (input) => {
    const { ids, file } = input;
    if (ids.length === 0) return;
    connection.writeUnremembered(() => {
      const deleted = ids.reduce((count, id) => count + remove.run(id).changes, 0);
      log.record(input, { type: 'audit_exported', details: { events: String(deleted), file } });
    });
  };
};
