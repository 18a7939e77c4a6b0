import type { GarbageCollection, ReviewResult } from '../../facets/gc.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

/** Leases that one transaction removes: a base layer may have had one in every repository. */
export const maxExpiredLeases = 1_000;

/** In one function, since each blob would be four round trips. */
const review = 'SELECT * FROM review_garbage($1, $2, $3)';

export const reviewGarbage: Operation<GarbageCollection['review']> =
  (connection) =>
  async ({ now, limit }) => {
    const [result] = await connection.query<ReviewResult>(review, [now, pageLimit(limit), maxExpiredLeases]);
    return result!;
  };
