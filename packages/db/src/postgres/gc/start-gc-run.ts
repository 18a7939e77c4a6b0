import { keptRuns } from '../../common/gc-runs.ts';
import type { GarbageCollection, GcRun } from '../../facets/gc.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';
import { runColumns, toGcRun } from './list-gc-runs.ts';

const insert = `INSERT INTO gc_runs (id, reconcile, trigger, state, started_at, blobs_removed, bytes_freed, uploads_removed,
    examined, orphans_removed, missing_files)
  VALUES ($1, $2, $3, 'running', $4, 0, 0, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING RETURNING sequence, ${runColumns}`;
const find = `SELECT ${runColumns} FROM gc_runs WHERE id = $1`;
const forgetOld = 'DELETE FROM gc_runs WHERE sequence <= $1';

export const startGcRun: Operation<GarbageCollection['startRun']> = (connection) => (input) => {
  const { id, reconcile, trigger, now } = input;
  return connection.write(input, async (tx) => {
    const [started] = await tx.query<GcRun & { sequence: number }>(insert, [id, reconcile, trigger, now]);
    if (started === undefined) {
      const [existing] = await tx.query<GcRun>(find, [id]);
      return toGcRun(existing!);
    }
    const { sequence, ...row } = started;
    await tx.run(forgetOld, [sequence - keptRuns]);
    const details = { run_id: id, trigger, reconcile: String(reconcile) };
    await recordEvent(tx, input, { type: 'gc_started', details });
    return toGcRun(row);
  });
};
