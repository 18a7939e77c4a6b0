import { lte, sql } from 'drizzle-orm';
import { keptRuns, nothingYet } from '../../common/gc-runs.ts';
import type { GarbageCollection } from '../../facets/gc.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { gcRuns } from '../schema/index.ts';
import { findGcRun, toGcRun } from './list-gc-runs.ts';

export const startGcRun: Operation<GarbageCollection['startRun']> = (connection) => {
  const log = prepareEventLog(connection);
  const forgetOld = connection.db
    .delete(gcRuns)
    .where(lte(gcRuns.sequence, sql.placeholder('last')))
    .prepare();
  return (input) => {
    const { id, reconcile, trigger, now } = input;
    return connection.write(() => {
      const existing = findGcRun(connection, id);
      if (existing !== undefined) return existing;
      const { sequence, ...row } = connection.db
        .insert(gcRuns)
        .values({ id, reconcile, trigger, state: 'running', startedAt: now, ...nothingYet })
        .returning()
        .get();
      forgetOld.run({ last: sequence - keptRuns });
      log.record(input, { type: 'gc_started', details: { run_id: id, trigger, reconcile: String(reconcile) } });
      return toGcRun(row);
    });
  };
};
