import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Manifests } from '../../facets/manifests.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { manifests } from '../schema/index.ts';
import { recordColumns } from './manifest-columns.ts';

export const listManifests: Operation<Manifests['list']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const statement = connection.db
    .select(recordColumns)
    .from(manifests)
    .where(
      and(eq(manifests.repositoryId, sql.placeholder('repositoryId')), gt(manifests.digest, sql.placeholder('after'))),
    )
    .orderBy(asc(manifests.digest))
    .limit(sql.placeholder('limit'))
    .prepare();
  return (repository, { after = '', limit }) =>
    statement.all({ repositoryId: ids.require(repository), after, limit: pageLimit(limit) }).map(withoutNulls);
};
