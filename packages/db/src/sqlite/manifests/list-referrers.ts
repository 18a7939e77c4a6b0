import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { manifests } from '../schema/index.ts';
import { contentColumns, inService } from './manifest-columns.ts';

export const listReferrers: Operation<'listReferrers'> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  return (repository, subject, { after = '', limit, maxBytes, artifactType }) => {
    const repositoryId = ids.find(repository);
    if (repositoryId === undefined) return [];
    const onPage = and(
      eq(manifests.repositoryId, repositoryId),
      eq(manifests.subject, subject),
      inService,
      gt(manifests.digest, sql`${after}`),
      artifactType === undefined ? undefined : eq(manifests.artifactType, artifactType),
    );
    const { db } = connection;
    const by = asc(manifests.digest);
    let fitting = pageLimit(limit);
    if (maxBytes !== undefined) {
      const sizes = db.select({ size: manifests.size }).from(manifests).where(onPage).orderBy(by).limit(fitting).all();
      fitting = countFitting(sizes, maxBytes);
    }
    return db.select(contentColumns).from(manifests).where(onPage).orderBy(by).limit(fitting).all().map(withoutNulls);
  };
};

/** How many of the first have no more bytes together than that; one at least, or a list would never go on. */
function countFitting(rows: readonly { readonly size: number }[], maxBytes: number): number {
  let bytes = 0;
  const beyond = rows.findIndex(({ size }, at) => {
    bytes += size;
    return at > 0 && bytes > maxBytes;
  });
  return beyond === -1 ? rows.length : beyond;
}
