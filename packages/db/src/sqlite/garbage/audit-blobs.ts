import { and, asc, eq, gt, inArray, isNull, lte, notExists, sql } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { blobLinks, blobs, gcQueue, manifestBlobs } from '../schema/index.ts';
import { prepareReviewQueue } from './review-queue.ts';

export const auditBlobs: Operation<'auditBlobs'> = (connection) => {
  const { db, write } = connection;
  const queue = prepareReviewQueue(connection);
  const isReferenced = db.select({ found: sql`1` }).from(manifestBlobs).where(eq(manifestBlobs.blobId, blobs.id));
  const slice = db
    .select({
      id: blobs.id,
      record: { digest: blobs.digest, size: blobs.size, locator: blobs.locator },
      forgotten: sql<number>`${and(isNull(gcQueue.blobId), notExists(isReferenced))}`,
    })
    .from(blobs)
    .leftJoin(gcQueue, eq(gcQueue.blobId, blobs.id))
    .where(gt(blobs.locator, sql.placeholder('after')))
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
      const last = rows.at(-1)?.record.locator;
      if (last !== undefined) expireLeases.run({ after, last, now });
      for (const { id, forgotten } of rows) {
        if (forgotten === 1) queue.addBlob(id, reviewAfter, 'reconcile');
      }
      return rows.map(({ record }) => record);
    });
};
