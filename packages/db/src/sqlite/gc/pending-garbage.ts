import { eq, inArray, isNotNull, max, min, sum } from 'drizzle-orm';
import type { GarbageCollection } from '../../facets/gc.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { gcQueue, repositories, pendingGarbage as sums } from '../schema/index.ts';

export const pendingGarbage: Operation<GarbageCollection['pending']> = ({ db, read }) => {
  const total = db
    .select({ blobs: sum(sums.blobs).mapWith(Number), bytes: sum(sums.bytes).mapWith(Number) })
    .from(sums)
    .where(inArray(sums.place, ['queue', 'trash']))
    .prepare();
  // Blobs that several deleted repositories share follow with the last of them but one.
  const beingDeleted = db
    .select({
      blobs: sum(repositories.uniqueBlobs).mapWith(Number),
      bytes: sum(repositories.uniqueSize).mapWith(Number),
    })
    .from(repositories)
    .where(isNotNull(repositories.deletedAt))
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
      const [counted, deleted] = [total.get(), beingDeleted.get()];
      return withoutNulls({
        blobs: (counted?.blobs ?? 0) + (deleted?.blobs ?? 0),
        bytes: (counted?.bytes ?? 0) + (deleted?.bytes ?? 0),
        firstDueAt: first.get()?.at ?? null,
        lastDueAt: last.get()?.at ?? null,
      });
    });
};
