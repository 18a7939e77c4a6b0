import { eq } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { gcRuns } from '../schema/index.ts';

export const updateGcRun: Operation<'updateGcRun'> = ({ db, writeUnremembered }) => {
  return (id, progress) => {
    if (Object.values(progress).every((value) => value === undefined)) return;
    writeUnremembered(() => db.update(gcRuns).set(progress).where(eq(gcRuns.id, id)).run());
  };
};
