import type { Operation } from '../operation.ts';
import { prepareEventLog } from './event-log.ts';

export const appendAuditEvents: Operation<'appendAuditEvents'> = (connection) => {
  const log = prepareEventLog(connection);
  // No remembered read looks at the log, and every pull writes to it.
  return (events) => {
    if (events.length === 0) return;
    connection.writeUnremembered(() => log.append(events));
  };
};
