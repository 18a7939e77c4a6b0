import type { BlobRecord, Blobs } from '../../facets/blobs.ts';
import type { Operation } from '../facet.ts';
import { prepareFindBlobs } from './find-blob.ts';

export const claimBlob: Operation<Blobs['claim']> = (connection) => {
  const lookUp = prepareFindBlobs(connection);
  const text = 'SELECT * FROM claim_blob($1, $2, $3, $4)';
  return async ({ repository, digest, leasedUntil, now }) => {
    const seen = await connection.grouped(lookUp, { repository, digest, now });
    if (seen === undefined || isHalfLeft(seen.leasedUntil, leasedUntil, now)) return seen?.record;
    // By itself a transaction, which does no harm a second time.
    const [claimed] = await connection.query<BlobRecord>(text, [repository, digest, leasedUntil, now]);
    return claimed;
  };
};

/** A lease that still covers half of the time asked for is good enough: most HEADs write nothing. */
function isHalfLeft(current: number | null, wanted: number, now: number): boolean {
  return current !== null && (current - now) * 2 >= wanted - now;
}
