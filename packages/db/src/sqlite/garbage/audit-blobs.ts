import { and, asc, gt, inArray, lte, sql } from 'drizzle-orm';
import { selectInspectedBlobs, toAuditedBlob } from '../inspection/inspect-blobs.ts';
import type { Operation } from '../operation.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { blobLinks, blobs } from '../schema/index.ts';
import { prepareReviewQueue } from './review-queue.ts';

export const auditBlobs: Operation<'auditBlobs'> = (connection) => {
  const { db, write } = connection;
  const queue = prepareReviewQueue(connection);
  const slice = selectInspectedBlobs(connection, gt(blobs.locator, sql.placeholder('after')))
    .orderBy(asc(blobs.locator))
    .limit(sql.placeholder('limit'))
    .prepare();
  const inSlice = db
    .select({ id: blobs.id })
    .from(blobs)
    .where(and(gt(blobs.locator, sql.placeholder('after')), lte(blobs.locator, sql.placeholder('last'))));
  // Leases of blobs that no review will look at again would pile up.
  const expireLeases = db
    .delete(blobLinks)
    .where(and(inArray(blobLinks.blobId, inSlice), lte(blobLinks.leasedUntil, sql.placeholder('now'))))
    .prepare();

  return ({ page: { after = '', limit }, reviewAfter, now }) =>
    write(() => {
      const rows = slice.all({ after, limit: pageLimit(limit) });
      const last = rows.at(-1)?.locator;
      if (last !== undefined) expireLeases.run({ after, last, now });
      for (const { id, forgotten } of rows) {
        if (forgotten === 1) queue.addBlob(id, reviewAfter, 'reconcile');
      }
      return rows.map(toAuditedBlob);
    });
};
