import type { GarbageCollection, PendingGarbage } from '../../facets/gc.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';

/** One statement and so one moment. Blobs that several deleted repositories share follow with the last of them but one. */
const pending = `SELECT (waiting.blobs + deleted.blobs)::bigint AS blobs, (waiting.bytes + deleted.bytes)::bigint AS bytes,
    (SELECT min(review_after) FROM gc_queue WHERE unreferenced) AS "firstDueAt",
    (SELECT max(review_after) FROM gc_queue WHERE unreferenced) AS "lastDueAt"
  FROM (SELECT sum(blobs) AS blobs, sum(bytes) AS bytes FROM pending_garbage) waiting,
    (SELECT coalesce(sum(u.unique_blobs), 0) AS blobs, coalesce(sum(u.unique_size), 0) AS bytes
      FROM unique_figures u JOIN repositories r ON r.id = u.id WHERE r.deleted_at IS NOT NULL) deleted`;

export const pendingGarbage: Operation<GarbageCollection['pending']> = (connection) => async () => {
  const [row] = await connection.query<PendingGarbage>(pending);
  return withoutNulls(row!);
};
