import type { MetadataStore, StoreStatistics } from '../../metadata-store.ts';
import type { Operation } from '../facet.ts';

/** Counting would read the whole database for every scrape. */
const sums = `SELECT sum(repositories)::bigint AS repositories, sum(manifests)::bigint AS manifests, sum(tags)::bigint AS tags,
  sum(blobs)::bigint AS blobs, sum(blob_bytes)::bigint AS "blobBytes", sum(uploads)::bigint AS uploads FROM totals`;

export const statistics: Operation<MetadataStore['statistics']> = (connection) => async () => {
  const [row] = await connection.query<StoreStatistics>(sums);
  return row!;
};
