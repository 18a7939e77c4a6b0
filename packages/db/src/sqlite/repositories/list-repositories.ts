import { and, asc, gt, isNull, sql } from 'drizzle-orm';
import type { Repositories } from '../../facets/repositories.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { repositories } from '../schema/index.ts';

export const listRepositories: Operation<Repositories['list']> = ({ db }) => {
  const statement = db
    .select({ name: repositories.name })
    .from(repositories)
    .where(and(isNull(repositories.deletedAt), gt(repositories.name, sql.placeholder('after'))))
    .orderBy(asc(repositories.name))
    .limit(sql.placeholder('limit'))
    .prepare();
  return ({ after = '', limit }) => statement.all({ after, limit: pageLimit(limit) }).map(({ name }) => name);
};
