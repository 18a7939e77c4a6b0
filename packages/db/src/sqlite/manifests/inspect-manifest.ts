import { type Digest, hasDigest } from '@mcr/core';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { ManifestDamaged } from '../../manifest-damaged.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../operation.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { blobs, manifestBlobs, manifestChildren, manifests, tags } from '../schema/index.ts';
import { prepareOutOfService, prepareResolve } from './find-manifest.ts';
import { inService } from './in-service.ts';
import { contentColumns, listedContent, recordColumns } from './manifest-columns.ts';
import { referencedSize } from './referenced-size.ts';

/** As many as a person looks at; the lists of their own have them all. */
const maxListed = 100;
/** A base layer may be everywhere; nobody needs to know how often exactly. */
const maxCounted = 1_000;

export const inspectManifest: Operation<'inspectManifest'> = (connection) => {
  const { db } = connection;
  const findId = prepareResolve(connection);
  const outOfService = prepareOutOfService(connection);
  return (repository, reference) => {
    const id = findId(repository, reference);
    const columns = { ...contentColumns, repositoryId: manifests.repositoryId, totalSize: referencedSize };
    const found = db
      .select(columns)
      .from(manifests)
      .where(and(eq(manifests.id, id), inService))
      .get();
    if (found === undefined) throw outOfService(repository, id);
    const { repositoryId, totalSize, ...manifest } = found;
    const { digest, content } = manifest;
    if (!hasDigest(content, digest)) throw new ManifestDamaged({ repository, digest }, false);
    const children = childrenOf(db, repositoryId, id);
    const subjects = [manifest.digest, ...children.map(({ digest }) => digest)];
    return {
      manifest: withoutNulls(manifest),
      totalSize,
      tags: tagsOf(db, id),
      children,
      parents: parentsOf(db, repositoryId, manifest.digest),
      referrers: referrersOf(db, repositoryId, subjects),
      blobs: blobsOf(db, id),
    };
  };
};

type Database = Connection['db'];

function tagsOf(db: Database, id: number) {
  const rows = db
    .select({ name: tags.name })
    .from(tags)
    .where(eq(tags.manifestId, id))
    .orderBy(asc(tags.repositoryId), asc(tags.name))
    .limit(maxListed)
    .all();
  return rows.map(({ name }) => name);
}

function childrenOf(db: Database, repositoryId: number, id: number) {
  return db
    .select({ ...recordColumns, totalSize: referencedSize })
    .from(manifestChildren)
    .innerJoin(
      manifests,
      and(eq(manifests.repositoryId, repositoryId), eq(manifests.digest, sql`${manifestChildren.childDigest}`)),
    )
    .where(and(eq(manifestChildren.parentId, id), inService))
    .all()
    .map(withoutNulls);
}

function parentsOf(db: Database, repositoryId: number, digest: Digest) {
  const rows = db
    .select({ digest: manifests.digest })
    .from(manifestChildren)
    .innerJoin(manifests, eq(manifests.id, manifestChildren.parentId))
    .where(and(eq(manifestChildren.childDigest, digest), eq(manifests.repositoryId, repositoryId)))
    .limit(maxListed)
    .all();
  return rows.map((row) => row.digest);
}

function referrersOf(db: Database, repositoryId: number, subjects: readonly Digest[]) {
  return db
    .select({ ...recordColumns, content: listedContent })
    .from(manifests)
    .where(and(eq(manifests.repositoryId, repositoryId), inArray(manifests.subject, [...subjects]), inService))
    .orderBy(asc(manifests.subject), asc(manifests.digest))
    .limit(maxListed)
    .all()
    .map(withoutNulls);
}

function blobsOf(db: Database, id: number) {
  const others = sql`select distinct other.repository_id from ${manifestBlobs} other where other.blob_id = ${blobs}.id`;
  const repositories = sql<number>`(select count(*) from (${others} limit ${maxCounted}))`;
  return db
    .select({ digest: blobs.digest, size: blobs.size, repositories })
    .from(manifestBlobs)
    .innerJoin(blobs, eq(blobs.id, manifestBlobs.blobId))
    .where(eq(manifestBlobs.manifestId, id))
    .all();
}
