import { describeRun } from '../../common/gc-runs.ts';
import type { GarbageCollection, GcRun } from '../../facets/gc.ts';
import { unknownRun } from '../../rejections.ts';
import { recordEvent } from '../audit/record-event.ts';
import { releaseWithin } from '../coordination/leases.ts';
import type { Operation } from '../facet.ts';
import { runColumns, toGcRun } from './list-gc-runs.ts';

const finish = `UPDATE gc_runs SET state = $2, error = $3, completed_at = $4 WHERE id = $1 RETURNING ${runColumns}`;

export const finishGcRun: Operation<GarbageCollection['finishRun']> = (connection) => (input) => {
  const { id, state, error, lease, now } = input;
  return connection.write(input, async (tx) => {
    const [row] = await tx.query<GcRun>(finish, [id, state, error, now]);
    if (row === undefined) throw unknownRun(id);
    if (lease !== undefined) await releaseWithin(tx, lease);
    const run = toGcRun(row);
    await recordEvent(tx, input, { type: 'gc_completed', details: describeRun(run) });
    return run;
  });
};

const update = `UPDATE gc_runs SET reconcile = coalesce($2, reconcile), trigger = coalesce($3, trigger),
  started_at = coalesce($4, started_at), completed_at = coalesce($5, completed_at), blobs_removed = coalesce($6, blobs_removed),
  bytes_freed = coalesce($7, bytes_freed), uploads_removed = coalesce($8, uploads_removed), examined = coalesce($9, examined),
  orphans_removed = coalesce($10, orphans_removed), missing_files = coalesce($11, missing_files), error = coalesce($12, error)
  WHERE id = $1`;

export const updateGcRun: Operation<GarbageCollection['updateRun']> = (connection) => async (id, progress) => {
  const { reconcile, trigger, startedAt, completedAt, blobsRemoved, bytesFreed, uploadsRemoved, examined } = progress;
  const { orphansRemoved, missingFiles, error } = progress;
  await connection.query(update, [
    id,
    reconcile,
    trigger,
    startedAt,
    completedAt,
    blobsRemoved,
    bytesFreed,
    uploadsRemoved,
    examined,
    orphansRemoved,
    missingFiles,
    error,
  ]);
};
