import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { UploadRecord, Uploads } from '../../facets/uploads.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { repositories, uploadPieces, uploads } from '../schema/index.ts';

/** Uploads with the names of their repositories and their last pieces. */
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
      last: { position: uploadPieces.position, locator: uploadPieces.locator, size: uploadPieces.size },
    })
    .from(uploads)
    .innerJoin(repositories, eq(repositories.id, uploads.repositoryId))
    .leftJoin(
      uploadPieces,
      and(
        eq(uploadPieces.upload, uploads.id),
        eq(uploadPieces.position, sql`(SELECT max(q.position) FROM upload_pieces q WHERE q.upload = ${uploads.id})`),
      ),
    )
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
