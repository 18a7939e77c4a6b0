import { asc, gt, sql } from 'drizzle-orm';
import type { GarbageCollection } from '../../facets/gc.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { selectInspectedBlobs, toAuditedBlob } from '../inspection/inspect-blobs.ts';
import { blobs } from '../schema/index.ts';
import { maxExpiredLeases, prepareExpireLeases } from './expire-leases.ts';
import { prepareReviewQueue } from './review-queue.ts';

export const auditBlobs: Operation<GarbageCollection['auditBlobs']> = (connection) => {
  const { write } = connection;
  const queue = prepareReviewQueue(connection);
  const slice = selectInspectedBlobs(connection, gt(blobs.locator, sql.placeholder('after')))
    .orderBy(asc(blobs.locator))
    .limit(sql.placeholder('limit'))
    .prepare();
  const expireLeases = prepareExpireLeases(connection);

  return ({ page: { after = '', limit }, reviewAfter, now }) =>
    write(() => {
      const rows = slice.all({ after, limit: pageLimit(limit) });
      // Leases of blobs that no review will look at again would pile up. Where one blob has very many, reviews go on.
      let left = maxExpiredLeases;
      for (const { id } of rows) {
        const expired = expireLeases(id, now, left);
        if (left > 0 && expired >= left) queue.addBlob(id, now, 'reconcile');
        left -= expired;
      }
      for (const { id, forgotten } of rows) {
        if (forgotten === 1) queue.addBlob(id, reviewAfter, 'reconcile');
      }
      return rows.map(toAuditedBlob);
    });
};
