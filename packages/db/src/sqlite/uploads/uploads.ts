import { asc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { UploadRecord, Uploads } from '../../facets/uploads.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { pageLimit } from '../rows/pages.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { repositories, uploads } from '../schema/index.ts';

/** Uploads with the names of their repositories. */
export function selectUploads(db: Connection['db'], condition: SQL | undefined) {
  return db
    .select({
      id: uploads.id,
      repository: repositories.name,
      createdBy: uploads.createdBy,
      offset: uploads.offset,
      sha256AtOffset: uploads.sha256AtOffset,
      version: uploads.version,
      touchedAt: uploads.touchedAt,
    })
    .from(uploads)
    .innerJoin(repositories, eq(repositories.id, uploads.repositoryId))
    .where(condition);
}

type UploadRow = ReturnType<ReturnType<typeof selectUploads>['all']>[number];

export function toUpload(row: UploadRow): UploadRecord {
  return withoutNulls(row);
}

export const getUpload: Operation<Uploads['get']> = ({ db }) => {
  const statement = selectUploads(db, eq(uploads.id, sql.placeholder('id'))).prepare();
  return (id) => {
    const row = statement.get({ id });
    return row && toUpload(row);
  };
};

export const listIdleUploads: Operation<Uploads['listIdle']> =
  ({ db }) =>
  ({ touchedBefore, limit }) =>
    selectUploads(db, lt(uploads.touchedAt, touchedBefore))
      .orderBy(asc(uploads.touchedAt), asc(uploads.id))
      .limit(pageLimit(limit))
      .all()
      .map(toUpload);
