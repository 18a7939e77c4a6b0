import type { Operation } from '../operation.ts';
import { prepareEventLog } from './event-log.ts';

export const appendAuditEvents: Operation<'appendAuditEvents'> = (connection) => {
  const log = prepareEventLog(connection);
  return (events) => {
    if (events.length === 0) return;
    connection.write(() => {
      for (const event of events) log.append(event);
    });
  };
};
