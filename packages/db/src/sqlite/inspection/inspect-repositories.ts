import { and, asc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { Inspection } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { repositories } from '../schema/index.ts';

/** What a repository holds, each blob once. Columns are qualified by hand, for updates as well. */
const countedSize: SQL<number> = sql<number>`
  coalesce((select sum(m.size) from manifests m where m.repository_id = repositories.id), 0) +
  coalesce((select sum(b.size) from blobs b where b.id in
    (select r.blob_id from manifest_blobs r where r.repository_id = repositories.id)), 0)`;

/** All figures that are kept for a repository, counted anew. */
export const countedFigures = {
  totalSize: countedSize,
  tagCount: sql<number>`(select count(*) from tags t where t.repository_id = repositories.id)`,
  manifestCount: sql<number>`(select count(*) from manifests m where m.repository_id = repositories.id)`,
  uniqueBlobs: sql<number>`(select count(*) from blobs b where b.repository_count = 1 and b.id in
    (select r.blob_id from manifest_blobs r where r.repository_id = repositories.id))`,
  uniqueSize: sql<number>`coalesce((select sum(b.size) from blobs b where b.repository_count = 1 and b.id in
    (select r.blob_id from manifest_blobs r where r.repository_id = repositories.id)), 0)`,
};

const { totalSize, tagCount, manifestCount, uniqueSize, uniqueBlobs } = repositories;
const kept = { totalSize, tagCount, manifestCount, uniqueSize, uniqueBlobs };

export const inspectRepositories: Operation<Inspection['compareRepositories']> = ({ db }) => {
  const statement = db
    .select({ name: repositories.name, kept, counted: countedFigures })
    .from(repositories)
    .where(and(isNull(repositories.deletedAt), gt(repositories.name, sql.placeholder('after'))))
    .orderBy(asc(repositories.name))
    .limit(sql.placeholder('limit'))
    .prepare();
  return ({ after = '', limit }) => statement.all({ after, limit: pageLimit(limit) });
};

export const recountRepository: Operation<Inspection['recountRepository']> = ({ db, write }) => {
  return (name) => {
    write(() => db.update(repositories).set(countedFigures).where(eq(repositories.name, name)).run());
  };
};
