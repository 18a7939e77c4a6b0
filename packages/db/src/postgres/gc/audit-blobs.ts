import type { GarbageCollection } from '../../facets/gc.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { type InspectedRow, inspectedBlobs, toAuditedBlob } from '../inspection/inspect-blobs.ts';
import { maxExpiredLeases } from './review-garbage.ts';

const slice = `${inspectedBlobs} WHERE b.locator > $1 ORDER BY b.locator LIMIT $2`;
/** Where a client is about to renew a lease, it is not expired any more. */
const expire = `DELETE FROM blob_links l USING (SELECT repository_id, blob_id FROM blob_links
    WHERE blob_id = ANY($1) AND leased_until <= $2 ORDER BY blob_id, leased_until LIMIT ${maxExpiredLeases} FOR UPDATE SKIP LOCKED) e
  WHERE l.repository_id = e.repository_id AND l.blob_id = e.blob_id RETURNING l.blob_id AS id`;
/** The order of locks: blobs by id, then the queue. A blob that was removed meanwhile is none any more. */
const queue = `SELECT queue_reviews(coalesce(array_agg(id), '{}'), $2, 'reconcile') FROM
  (SELECT id FROM blobs WHERE id = ANY($1) ORDER BY id FOR KEY SHARE) found`;

export const auditBlobs: Operation<GarbageCollection['auditBlobs']> =
  (connection) =>
  ({ page: { after = '', limit }, reviewAfter, now }) =>
    connection.write(undefined, async (tx) => {
      const rows = await tx.query<InspectedRow>(slice, [after, pageLimit(limit)]);
      // Leases of blobs that no review will look at again would pile up. Where one blob has very many, reviews go on.
      const expired = await tx.query<{ id: number }>(expire, [rows.map(({ id }) => id), now]);
      const last = expired.at(-1);
      const unfinished = expired.length < maxExpiredLeases || last === undefined ? [] : [last.id];
      if (unfinished.length > 0) await tx.query(queue, [unfinished, now]);
      const forgotten = rows.filter((row) => row.forgotten).map(({ id }) => id);
      if (forgotten.length > 0) await tx.query(queue, [forgotten, reviewAfter]);
      return rows.map(toAuditedBlob);
    });
