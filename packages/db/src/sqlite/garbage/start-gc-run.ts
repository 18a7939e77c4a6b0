import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../operation.ts';
import { gcRuns } from '../schema/index.ts';
import { findGcRun, runColumns, toGcRun } from './gc-run-rows.ts';

const nothingYet = {
  blobsRemoved: 0,
  bytesFreed: 0,
  uploadsRemoved: 0,
  examined: 0,
  orphansRemoved: 0,
  missingFiles: 0,
};

export const startGcRun: Operation<'startGcRun'> = (connection) => {
  const log = prepareEventLog(connection);
  return (input) => {
    const { id, reconcile, trigger, now } = input;
    return connection.write(() => {
      const existing = findGcRun(connection, id);
      if (existing !== undefined) return existing;
      const row = connection.db
        .insert(gcRuns)
        .values({ id, reconcile, trigger, state: 'running', startedAt: now, ...nothingYet })
        .returning(runColumns)
        .get();
      log.record(input, { type: 'gc_started', details: { run_id: id, trigger, reconcile: String(reconcile) } });
      return toGcRun(row);
    });
  };
};
