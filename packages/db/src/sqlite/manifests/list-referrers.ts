import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { manifests } from '../schema/index.ts';
import { contentColumns } from './manifest-columns.ts';

export const listReferrers: Operation<'listReferrers'> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  return (repository, subject, { after = '', limit, artifactType }) => {
    const repositoryId = ids.find(repository);
    if (repositoryId === undefined) return [];
    return connection.db
      .select(contentColumns)
      .from(manifests)
      .where(
        and(
          eq(manifests.repositoryId, repositoryId),
          eq(manifests.subject, subject),
          gt(manifests.digest, sql`${after}`),
          artifactType === undefined ? undefined : eq(manifests.artifactType, artifactType),
        ),
      )
      .orderBy(asc(manifests.digest))
      .limit(pageLimit(limit))
      .all()
      .map(withoutNulls);
  };
};
