import { eq } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { gcRuns } from '../schema/index.ts';

export const updateGcRun: Operation<'updateGcRun'> = ({ db, write }) => {
  return (id, progress) => {
    if (Object.values(progress).every((value) => value === undefined)) return;
    write(() => db.update(gcRuns).set(progress).where(eq(gcRuns.id, id)).run());
  };
};
