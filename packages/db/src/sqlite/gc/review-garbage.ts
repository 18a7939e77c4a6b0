import { asc, eq, lte, max, sql } from 'drizzle-orm';
import type { GarbageCollection } from '../../facets/gc.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Connection } from '../connection/connection.ts';
import { isStillReferenced } from '../connection/errors.ts';
import type { Operation } from '../facet.ts';
import { blobLinks, blobs, gcQueue, manifestBlobs } from '../schema/index.ts';
import { maxExpiredLeases, prepareExpireLeases } from './expire-leases.ts';
import { prepareTrash } from './trash.ts';

export const reviewGarbage: Operation<GarbageCollection['review']> = (connection) => {
  const review = prepareReview(connection);
  const due = connection.db
    .select({ id: gcQueue.blobId, locator: blobs.locator, size: blobs.size })
    .from(gcQueue)
    .innerJoin(blobs, eq(blobs.id, gcQueue.blobId))
    .where(lte(gcQueue.reviewAfter, sql.placeholder('now')))
    .orderBy(asc(gcQueue.reviewAfter), asc(gcQueue.blobId))
    .limit(sql.placeholder('limit'))
    .prepare();

  return ({ now, limit }) =>
    connection.writeUnremembered(() => {
      const entries = due.all({ now, limit: pageLimit(limit) });
      const outcomes: (Outcome & { readonly size: number })[] = [];
      let left = maxExpiredLeases;
      for (const blob of entries) {
        const outcome = review(blob, now, left);
        outcomes.push({ size: blob.size, ...outcome });
        left -= outcome.linksExpired;
        if (left <= 0) break;
      }
      const removed = outcomes.filter((outcome) => outcome.removed);
      return {
        reviewed: outcomes.length,
        blobsRemoved: removed.length,
        bytesFreed: removed.reduce((total, { size }) => total + size, 0),
        linksExpired: outcomes.reduce((total, { linksExpired }) => total + linksExpired, 0),
      };
    });
};

interface DueBlob {
  readonly id: number;
  readonly locator: string;
  readonly size: number;
}

interface Outcome {
  readonly removed: boolean;
  readonly linksExpired: number;
}

/** Reviews one blob, whose fate is in this order: referenced, leased, garbage. */
function prepareReview(connection: Connection) {
  const { db } = connection;
  const blobId = sql.placeholder('id');
  const trash = prepareTrash(connection);
  const expireLeases = prepareExpireLeases(connection);
  const findReference = db
    .select({ id: manifestBlobs.manifestId })
    .from(manifestBlobs)
    .where(eq(manifestBlobs.blobId, blobId))
    .limit(1)
    .prepare();
  const lastLease = db
    .select({ until: max(blobLinks.leasedUntil) })
    .from(blobLinks)
    .where(eq(blobLinks.blobId, blobId))
    .prepare();
  const postpone = db
    .update(gcQueue)
    .set({ reviewAfter: sql`${sql.placeholder('until')}` })
    .where(eq(gcQueue.blobId, blobId))
    .prepare();
  const leaveQueue = db.delete(gcQueue).where(eq(gcQueue.blobId, blobId)).prepare();
  const deleteBlob = db.delete(blobs).where(eq(blobs.id, blobId)).prepare();

  /** Deleting the row takes its queue entry along. The foreign keys have the last word on whether it may go. */
  function discard({ id, locator, size }: DueBlob, now: number): boolean {
    try {
      connection.savepoint(() => {
        trash.add(locator, size, { now });
        deleteBlob.run({ id });
      });
      return true;
    } catch (error) {
      if (!isStillReferenced(error)) throw error;
      leaveQueue.run({ id });
      return false;
    }
  }

  return (blob: DueBlob, now: number, most: number): Outcome => {
    const { id } = blob;
    const linksExpired = expireLeases(id, now, most);
    // It stays due, and the next call goes on.
    if (linksExpired >= most) return { removed: false, linksExpired };
    if (findReference.get({ id }) !== undefined) {
      leaveQueue.run({ id });
      return { removed: false, linksExpired };
    }
    const until = lastLease.get({ id })?.until ?? null;
    if (until !== null) {
      postpone.run({ id, until });
      return { removed: false, linksExpired };
    }
    return { removed: discard(blob, now), linksExpired };
  };
}
