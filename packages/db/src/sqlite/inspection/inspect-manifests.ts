import { and, asc, desc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { Inspection } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { contentColumns, inService } from '../manifests/manifest-columns.ts';
import { summaryColumns, summaryOf } from '../manifests/summary-rows.ts';
import {
  auditLog,
  blobs,
  manifestBlobs,
  manifestChildren,
  manifestSummaries,
  manifests,
  repositories,
} from '../schema/index.ts';

export const inspectManifests: Operation<Inspection['listManifests']> = ({ db, read }) => {
  const slice = db
    .select({
      id: manifests.id,
      repository: repositories.name,
      ...contentColumns,
      ...summaryColumns,
      inService: sql<number>`${inService}`,
    })
    .from(manifests)
    .innerJoin(repositories, eq(repositories.id, manifests.repositoryId))
    .leftJoin(manifestSummaries, eq(manifestSummaries.manifestId, manifests.id))
    .where(and(gt(manifests.id, sql.placeholder('after')), isNull(repositories.deletedAt)))
    .orderBy(asc(manifests.id))
    .limit(sql.placeholder('limit'))
    .prepare();
  const references = db
    .select({ digest: blobs.digest })
    .from(manifestBlobs)
    .innerJoin(blobs, eq(blobs.id, manifestBlobs.blobId))
    .where(eq(manifestBlobs.manifestId, sql.placeholder('id')))
    .prepare();
  const children = db
    .select({ digest: manifestChildren.childDigest })
    .from(manifestChildren)
    .where(eq(manifestChildren.parentId, sql.placeholder('id')))
    .prepare();

  return ({ after = 0, limit }) =>
    read(() =>
      slice
        .all({ after, limit: pageLimit(limit) })
        .map(({ inService: isInService, configMediaType, platforms, annotations, ...row }) => {
          const summary = summaryOf({ configMediaType, platforms, annotations });
          return {
            ...withoutNulls(row),
            quarantined: isInService === 0,
            blobs: references.all({ id: row.id }).map(({ digest }) => digest),
            children: children.all({ id: row.id }).map(({ digest }) => digest),
            ...(summary !== undefined && { summary }),
          };
        }),
    );
};

export const wasBlobDeleted: Operation<Inspection['wasBlobDeleted']> = ({ db }) => {
  const ofRepository = sql`${auditLog.repository} = ${sql.placeholder('repository')}`;
  const last = (...conditions: SQL[]) =>
    db
      .select({ id: auditLog.id, at: auditLog.at })
      .from(auditLog)
      .where(and(...conditions, eq(auditLog.digest, sql.placeholder('digest'))))
      .orderBy(desc(auditLog.id))
      .limit(1)
      .prepare();
  const deletion = last(eq(auditLog.type, 'blob_deleted'), ofRepository);
  const push = last(eq(auditLog.type, 'manifest_pushed'), ofRepository);
  const created = db
    .select({ at: manifests.createdAt })
    .from(manifests)
    .innerJoin(repositories, eq(repositories.id, manifests.repositoryId))
    .where(and(eq(repositories.name, sql.placeholder('repository')), eq(manifests.digest, sql.placeholder('manifest'))))
    .prepare();
  return ({ repository, digest, manifest }) => {
    const deleted = deletion.get({ repository, digest });
    if (deleted === undefined) return false;
    const pushed = push.get({ repository, digest: manifest });
    if (pushed !== undefined) return deleted.id > pushed.id;
    // The event of the push may have been exported; deletions stay in the log.
    return deleted.at >= (created.get({ repository, manifest })?.at ?? 0);
  };
};
