import { eq } from 'drizzle-orm';
import type { GarbageCollection } from '../../facets/gc.ts';
import type { Operation } from '../operation.ts';
import { gcRuns } from '../schema/index.ts';

export const updateGcRun: Operation<GarbageCollection['updateRun']> = ({ db, writeUnremembered }) => {
  return (id, progress) => {
    if (Object.values(progress).every((value) => value === undefined)) return;
    writeUnremembered(() => db.update(gcRuns).set(progress).where(eq(gcRuns.id, id)).run());
  };
};
