import { eq, sql } from 'drizzle-orm';
import type { Blobs } from '../../facets/blobs.ts';
import type { Operation } from '../facet.ts';
import { gcQueue } from '../schema/index.ts';
import { prepareExtendLease } from './blob-leases.ts';
import { prepareFindRepositoryBlob } from './find-blob.ts';

export const claimBlob: Operation<Blobs['claim']> = (connection) => {
  const find = prepareFindRepositoryBlob(connection);
  const extendLease = prepareExtendLease(connection);
  const putOffReview = connection.db
    .update(gcQueue)
    .set({ reviewAfter: sql`max(${gcQueue.reviewAfter}, ${sql.placeholder('leasedUntil')})` })
    .where(eq(gcQueue.blobId, sql.placeholder('blobId')))
    .prepare();

  return ({ repository, digest, leasedUntil, now }) => {
    const seen = find(repository, digest, now);
    if (seen === undefined || isHalfLeft(seen.leasedUntil, leasedUntil, now)) return seen?.record;
    return connection.writeTogetherUnremembered(() => {
      // Garbage collection may have come in between.
      const blob = find(repository, digest, now);
      if (blob === undefined) return undefined;
      extendLease(blob.repositoryId, blob.id, leasedUntil);
      putOffReview.run({ blobId: blob.id, leasedUntil });
      return blob.record;
    });
  };
};

/** A lease that still covers half of the time asked for is good enough: most HEADs write nothing. */
function isHalfLeft(current: number | null, wanted: number, now: number): boolean {
  return current !== null && (current - now) * 2 >= wanted - now;
}
