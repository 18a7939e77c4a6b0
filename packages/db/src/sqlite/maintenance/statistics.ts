import { count, sql, sum } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { blobs, manifests, repositories, tags, uploads } from '../schema/index.ts';

/** Counts are read from indexes, never from the rows themselves. */
export const statistics: Operation<'statistics'> = ({ db }) => {
  const n = count();
  return () =>
    db.get<{
      repositories: number;
      manifests: number;
      tags: number;
      blobs: number;
      blobBytes: number;
      uploads: number;
    }>(
      sql`select
        ${db.select({ n }).from(repositories)} as repositories,
        ${db.select({ n }).from(manifests)} as manifests,
        ${db.select({ n }).from(tags)} as tags,
        ${db.select({ n }).from(blobs)} as blobs,
        coalesce(${db.select({ n: sum(blobs.size) }).from(blobs)}, 0) as "blobBytes",
        ${db.select({ n }).from(uploads)} as uploads`,
    );
};
