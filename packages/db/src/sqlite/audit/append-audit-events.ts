import type { AuditLog } from '../../facets/audit.ts';
import type { Operation } from '../operation.ts';
import { prepareEventLog } from './event-log.ts';

export const appendAuditEvents: Operation<AuditLog['append']> = (connection) => {
  const log = prepareEventLog(connection);
  // No remembered read looks at the log, and every pull writes to it.
  return (events) => {
    if (events.length === 0) return;
    connection.writeUnremembered(() => log.append(events));
  };
};
