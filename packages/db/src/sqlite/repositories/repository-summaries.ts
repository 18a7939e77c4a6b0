import { and, asc, count, eq, gt, inArray, type SQL, sql, sum } from 'drizzle-orm';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../operation.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { blobs, manifestBlobs, manifests, repositories, tags } from '../schema/index.ts';
import { unknownRepository } from './repository-ids.ts';

export const listRepositorySummaries: Operation<'listRepositorySummaries'> =
  ({ db }) =>
  ({ after = '', limit, search = '' }) =>
    selectSummaries(db, and(gt(repositories.name, sql`${after}`), contains(search)))
      .orderBy(asc(repositories.name))
      .limit(pageLimit(limit))
      .all()
      .map(withoutNulls);

export const getRepositorySummary: Operation<'getRepositorySummary'> =
  ({ db }) =>
  (repository) => {
    const row = selectSummaries(db, eq(repositories.name, repository)).get();
    if (row === undefined) throw unknownRepository(repository);
    return withoutNulls(row);
  };

/** Names are in lower case. */
function contains(search: string): SQL | undefined {
  return search === '' ? undefined : sql`instr(${repositories.name}, ${search.toLowerCase()}) > 0`;
}

/** One statement for a page; the figures of a repository are read from indexes, and only for the rows of the page. */
function selectSummaries(db: Connection['db'], condition: SQL | undefined) {
  const ofRepository = eq(manifests.repositoryId, repositories.id);
  const tagCount = db.select({ n: count() }).from(tags).where(eq(tags.repositoryId, repositories.id));
  const manifestCount = db.select({ n: count() }).from(manifests).where(ofRepository);
  const manifestBytes = db
    .select({ n: sum(manifests.size) })
    .from(manifests)
    .where(ofRepository);
  const blobIds = db
    .select({ id: manifestBlobs.blobId })
    .from(manifestBlobs)
    .where(eq(manifestBlobs.repositoryId, repositories.id));
  const blobBytes = db
    .select({ n: sum(blobs.size) })
    .from(blobs)
    .where(inArray(blobs.id, blobIds));
  return db
    .select({
      name: repositories.name,
      tagCount: sql<number>`${tagCount}`,
      manifestCount: sql<number>`${manifestCount}`,
      totalSize: sql<number>`coalesce(${manifestBytes}, 0) + coalesce(${blobBytes}, 0)`,
      createdAt: repositories.createdAt,
      lastPushAt: repositories.lastPushAt,
    })
    .from(repositories)
    .where(condition);
}
