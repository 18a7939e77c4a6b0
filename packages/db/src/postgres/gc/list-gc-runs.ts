import type { GarbageCollection, GcRun } from '../../facets/gc.ts';
import { unknownPlace } from '../../rejections.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';

/** The columns of a run's record: everything but its position in the sequence of runs. */
export const runColumns = `id, reconcile, trigger, state, started_at AS "startedAt", completed_at AS "completedAt",
  blobs_removed AS "blobsRemoved", bytes_freed AS "bytesFreed", uploads_removed AS "uploadsRemoved", examined,
  orphans_removed AS "orphansRemoved", missing_files AS "missingFiles", error`;

const page = `SELECT ${runColumns} FROM gc_runs WHERE sequence < $1 ORDER BY sequence DESC LIMIT $2`;

export const listGcRuns: Operation<GarbageCollection['listRuns']> =
  (connection) =>
  async ({ before, limit }) => {
    const most = pageLimit(limit);
    if (before === undefined)
      return (await connection.query<GcRun>(page, [Number.MAX_SAFE_INTEGER, most])).map(toGcRun);
    const [place] = await connection.query<{ sequence: number }>('SELECT sequence FROM gc_runs WHERE id = $1', [
      before,
    ]);
    if (place === undefined) throw unknownPlace(before);
    return (await connection.query<GcRun>(page, [place.sequence, most])).map(toGcRun);
  };

/** The record in a row, whose columns may be null where the record has no property. */
export function toGcRun(row: GcRun): GcRun {
  return withoutNulls(row) as GcRun;
}
