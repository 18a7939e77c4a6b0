import { RegistryError } from '@mcr/core';
import { eq } from 'drizzle-orm';
import type { GarbageCollection, GcRun } from '../../facets/gc.ts';
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
      if (row === undefined)
        throw new RegistryError('NOT_FOUND', 'There is no such garbage collection', { detail: { id } });
      if (lease !== undefined) release(lease);
      const run = toGcRun(row);
      log.record(input, { type: 'gc_completed', details: describe(run) });
      return run;
    });
  };
};

function describe({ id, state, blobsRemoved, bytesFreed, error }: GcRun): Record<string, string> {
  const facts = { run_id: id, state, blobs_removed: String(blobsRemoved), bytes_freed: String(bytesFreed) };
  return error === undefined ? facts : { ...facts, error };
}

export const updateGcRun: Operation<GarbageCollection['updateRun']> = ({ db, writeUnremembered }) => {
  return (id, progress) => {
    if (Object.values(progress).every((value) => value === undefined)) return;
    writeUnremembered(() => db.update(gcRuns).set(progress).where(eq(gcRuns.id, id)).run());
  };
};
