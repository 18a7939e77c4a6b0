import { eq, type SQL } from 'drizzle-orm';
import type { UploadRecord } from '../../facets/uploads.ts';
import type { Connection } from '../connection/connection.ts';
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
