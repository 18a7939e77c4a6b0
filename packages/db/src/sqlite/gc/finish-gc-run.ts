import { eq } from 'drizzle-orm';
import { describeRun } from '../../common/gc-runs.ts';
import type { GarbageCollection } from '../../facets/gc.ts';
import { unknownRun } from '../../rejections.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareReleaseLease } from '../coordination/leases.ts';
import type { Operation } from '../facet.ts';
import { gcRuns } from '../schema/index.ts';
import { runColumns, toGcRun } from './list-gc-runs.ts';

export const finishGcRun: Operation<GarbageCollection['finishRun']> = (connection) => {
  const log = prepareEventLog(connection);
  const release = prepareReleaseLease(connection);
  return (input) => {
    const { id, state, error = null, lease, now } = input;
    return connection.writeUnremembered(() => {
      const [row] = connection.db
        .update(gcRuns)
        .set({ state, error, completedAt: now })
        .where(eq(gcRuns.id, id))
        .returning(runColumns)
        .all();
      if (row === undefined) throw unknownRun(id);
      if (lease !== undefined) release(lease);
      const run = toGcRun(row);
      log.record(input, { type: 'gc_completed', details: describeRun(run) });
      return run;
    });
  };
};

export const updateGcRun: Operation<GarbageCollection['updateRun']> = ({ db, writeUnremembered }) => {
  return (id, progress) => {
    if (Object.values(progress).every((value) => value === undefined)) return;
    writeUnremembered(() => db.update(gcRuns).set(progress).where(eq(gcRuns.id, id)).run());
  };
};
