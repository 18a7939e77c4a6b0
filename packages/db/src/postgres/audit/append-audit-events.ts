import type { AuditLog } from '../../facets/audit.ts';
import { jsonb } from '../connection/values.ts';
import type { Operation } from '../facet.ts';

export const appendAuditEvents: Operation<AuditLog['append']> = (connection) => async (events) => {
  if (events.length === 0) return;
  // With an id of its own: a group whose response was lost is not written twice.
  await connection.call({}, 'SELECT append_events($1, $2)', [jsonb(events)]);
};
