import type { Digest } from '@mcr/core';
import { and, eq, sql } from 'drizzle-orm';
import type { Inspection } from '../../facets/inspection.ts';
import type { Operation } from '../facet.ts';
import { prepareKeepSummary } from '../manifests/summary-rows.ts';
import { blobs, manifestBlobs, manifestChildren, manifests, repositories } from '../schema/index.ts';
import { countedFigures } from './inspect-repositories.ts';

export const repairManifest: Operation<Inspection['repairManifest']> = (connection) => {
  const { db, write } = connection;
  const keepSummary = prepareKeepSummary(connection);
  return ({ repository, digest, size, artifactType = null, subject = null, children, summary, blobs: wanted }) =>
    write(() => {
      const [row] = db
        .select({ id: manifests.id, repositoryId: manifests.repositoryId })
        .from(manifests)
        .innerJoin(repositories, eq(repositories.id, manifests.repositoryId))
        .where(and(eq(repositories.name, repository), eq(manifests.digest, digest)))
        .all();
      if (row === undefined) return [];
      const { id, repositoryId } = row;
      db.update(manifests).set({ size, artifactType, subject }).where(eq(manifests.id, id)).run();
      keepSummary(id, summary);
      const isParent = eq(manifestChildren.parentId, id);
      db.delete(manifestChildren)
        .where(
          and(
            isParent,
            sql`${manifestChildren.childDigest} not in (select value from json_each(${JSON.stringify(children)}))`,
          ),
        )
        .run();
      for (const childDigest of children) {
        db.insert(manifestChildren).values({ parentId: id, childDigest, repositoryId }).onConflictDoNothing().run();
      }
      const restored: Digest[] = [];
      for (const name of wanted) {
        const blob = db.select({ id: blobs.id }).from(blobs).where(eq(blobs.digest, name)).get();
        if (blob === undefined) continue;
        db.insert(manifestBlobs).values({ repositoryId, blobId: blob.id, manifestId: id }).onConflictDoNothing().run();
        restored.push(name);
      }
      // A size that changes in place runs no trigger.
      db.update(repositories).set(countedFigures).where(eq(repositories.id, repositoryId)).run();
      return restored;
    });
};
