import type { AuditLog } from '../../facets/audit.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { type EventRow, eventColumns, toEvent } from './event-rows.ts';
import { recordEvent } from './record-event.ts';

const expired = `SELECT ${eventColumns} FROM audit_log
  WHERE at < $1 AND (at, id) > ($2, $3) AND event_type <> 'blob_deleted' ORDER BY at, id LIMIT $4`;
const beginning = { at: 0, id: 0 };

export const listExpiredAuditEvents: Operation<AuditLog['listExpired']> =
  (connection) =>
  async ({ before, after = beginning, limit }) =>
    (await connection.query<EventRow>(expired, [before, after.at, after.id, pageLimit(limit)])).map(toEvent);

export const deleteAuditEvents: Operation<AuditLog['delete']> = (connection) => async (input) => {
  const { ids, file } = input;
  if (ids.length === 0) return;
  await connection.write(input, async (tx) => {
    const deleted = await tx.run('DELETE FROM audit_log WHERE id = ANY($1)', [ids]);
    await recordEvent(tx, input, { type: 'audit_exported', details: { events: String(deleted), file } });
  });
};
