import { and, asc, count, desc, eq, gt, gte, lt, or, type SQL, sql } from 'drizzle-orm';
import type { RepositoryOrder } from '../../insights.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../operation.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { manifests, repositories, tags } from '../schema/index.ts';
import { unknownRepository } from './repository-ids.ts';

export const listRepositorySummaries: Operation<'listRepositorySummaries'> =
  ({ db }) =>
  ({ after, limit, search = '', order = 'name' }) => {
    const { beyond, by } = inOrder(order, after);
    return selectSummaries(db, and(beyond, contains(search)))
      .orderBy(...by)
      .limit(pageLimit(limit))
      .all()
      .map(withoutNulls);
  };

export const getRepositorySummary: Operation<'getRepositorySummary'> =
  ({ db }) =>
  (repository) => {
    const row = selectSummaries(db, eq(repositories.name, repository)).get();
    if (row === undefined) throw unknownRepository(repository);
    return withoutNulls(row);
  };

const figureOf: Readonly<Record<Exclude<RepositoryOrder, 'name'>, SQL>> = {
  size: sql`${repositories.totalSize}`,
  last_push: sql`coalesce(${repositories.lastPushAt}, 0)`,
};

/** By name the first names come first, by a figure the greatest ones, and then the last names. */
function inOrder(order: RepositoryOrder, after = ''): { beyond: SQL | undefined; by: SQL[] } {
  if (order === 'name') return { beyond: gt(repositories.name, sql`${after}`), by: [asc(repositories.name)] };
  const figure = figureOf[order];
  const by = [desc(figure), desc(repositories.name)];
  if (after === '') return { beyond: gte(figure, 0), by };
  const [last = '', name = ''] = after.split(' ');
  const value = Number(last);
  const beyond = and(sql`${figure} <= ${value}`, or(lt(figure, value), lt(repositories.name, sql`${name}`)));
  return { beyond, by };
}

/** Names are in lower case. */
function contains(search: string): SQL | undefined {
  return search === '' ? undefined : sql`instr(${repositories.name}, ${search.toLowerCase()}) > 0`;
}

/** One statement for a page; tags and manifests are counted in indexes, and only for the rows of the page. */
function selectSummaries(db: Connection['db'], condition: SQL | undefined) {
  const tagCount = db.select({ n: count() }).from(tags).where(eq(tags.repositoryId, repositories.id));
  const manifestCount = db.select({ n: count() }).from(manifests).where(eq(manifests.repositoryId, repositories.id));
  return db
    .select({
      name: repositories.name,
      tagCount: sql<number>`${tagCount}`,
      manifestCount: sql<number>`${manifestCount}`,
      totalSize: repositories.totalSize,
      createdAt: repositories.createdAt,
      lastPushAt: repositories.lastPushAt,
    })
    .from(repositories)
    .where(condition);
}
