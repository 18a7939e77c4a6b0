import { eq, inArray, max, min, sum } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { gcQueue, pendingGarbage as sums } from '../schema/index.ts';

export const pendingGarbage: Operation<'pendingGarbage'> = ({ db, read }) => {
  const total = db
    .select({ blobs: sum(sums.blobs).mapWith(Number), bytes: sum(sums.bytes).mapWith(Number) })
    .from(sums)
    .where(inArray(sums.place, ['queue', 'trash']))
    .prepare();
  // Two statements: SQLite takes one end from an index, not both.
  const first = db
    .select({ at: min(gcQueue.reviewAfter) })
    .from(gcQueue)
    .where(eq(gcQueue.unreferenced, 1))
    .prepare();
  const last = db
    .select({ at: max(gcQueue.reviewAfter) })
    .from(gcQueue)
    .where(eq(gcQueue.unreferenced, 1))
    .prepare();
  return () =>
    read(() => {
      const { blobs = 0, bytes = 0 } = total.get() ?? {};
      return withoutNulls({
        blobs,
        bytes,
        firstDueAt: first.get()?.at ?? null,
        lastDueAt: last.get()?.at ?? null,
      });
    });
};
