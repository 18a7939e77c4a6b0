import { and, asc, eq, gt, isNull, notExists, type SQL, sql } from 'drizzle-orm';
import type { AuditedBlob } from '../../facets/blobs.ts';
import type { InspectedBlob, Inspection } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { blobs, blobTrash, gcQueue, manifestBlobs, manifests, repositories } from '../schema/index.ts';

/** Blobs with whether garbage collection has lost sight of them. */
export function selectInspectedBlobs({ db }: Connection, condition: SQL | undefined) {
  const isReferenced = db.select({ found: sql`1` }).from(manifestBlobs).where(eq(manifestBlobs.blobId, blobs.id));
  return db
    .select({
      id: blobs.id,
      digest: blobs.digest,
      size: blobs.size,
      locator: blobs.locator,
      damage: blobs.damage,
      forgotten: sql<number>`${and(isNull(gcQueue.blobId), notExists(isReferenced))}`,
    })
    .from(blobs)
    .leftJoin(gcQueue, eq(gcQueue.blobId, blobs.id))
    .where(condition);
}

type InspectedRow = ReturnType<ReturnType<typeof selectInspectedBlobs>['all']>[number];

/** The part of the row that garbage collection compares with the bytes. */
export function toAuditedBlob({ digest, size, locator, damage }: InspectedRow): AuditedBlob {
  return { digest, size, locator, ...(damage !== null && { damage }) };
}

function toInspectedBlob(row: InspectedRow): InspectedBlob {
  return { ...toAuditedBlob(row), forgotten: row.forgotten === 1 };
}

export const inspectBlobs: Operation<Inspection['listBlobs']> = (connection) => {
  const slice = selectInspectedBlobs(connection, gt(blobs.locator, sql.placeholder('after')))
    .orderBy(asc(blobs.locator))
    .limit(sql.placeholder('limit'))
    .prepare();
  return ({ after = '', limit }) => slice.all({ after, limit: pageLimit(limit) }).map(toInspectedBlob);
};

export const inspectLocator: Operation<Inspection['findLocator']> = (connection) => {
  const findBlob = selectInspectedBlobs(connection, eq(blobs.locator, sql.placeholder('locator'))).prepare();
  const findTrash = connection.db
    .select({ locator: blobTrash.locator })
    .from(blobTrash)
    .where(eq(blobTrash.locator, sql.placeholder('locator')))
    .prepare();
  return (locator) =>
    connection.read(() => {
      const row = findBlob.get({ locator });
      return {
        ...(row !== undefined && { blob: toInspectedBlob(row) }),
        trashed: findTrash.get({ locator }) !== undefined,
      };
    });
};

export const inspectReferences: Operation<Inspection['listReferences']> = ({ db }) => {
  const statement = db
    .select({ repository: repositories.name, digest: manifests.digest })
    .from(blobs)
    .innerJoin(manifestBlobs, eq(manifestBlobs.blobId, blobs.id))
    .innerJoin(manifests, eq(manifests.id, manifestBlobs.manifestId))
    .innerJoin(repositories, eq(repositories.id, manifests.repositoryId))
    .where(and(eq(blobs.digest, sql.placeholder('digest')), isNull(repositories.deletedAt)))
    .limit(sql.placeholder('limit'))
    .prepare();
  return (digest, limit) => statement.all({ digest, limit: pageLimit(limit) });
};
