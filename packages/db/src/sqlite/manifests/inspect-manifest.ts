import { type Digest, hasDigest, timeSlices } from '@mcr/core';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { ListedManifest, ManifestChild, Manifests } from '../../facets/manifests.ts';
import { ManifestDamaged } from '../../manifest-damaged.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import {
  blobs,
  manifestBlobs,
  manifestChildren,
  manifestPulls,
  manifestSummaries,
  manifests,
  tags,
} from '../schema/index.ts';
import { prepareOutOfService, prepareResolve } from './find-manifest.ts';
import { contentColumns, inService, isSmall, recordColumns } from './manifest-columns.ts';
import { prepareReferencedSize } from './referenced-size.ts';
import { listedOf } from './summary-rows.ts';

/** As many as a person looks at; the lists of their own have them all. */
const maxListed = 100;
/** As many children and blobs; the content has them all. */
const maxEntries = 1_000;
/** A base layer may be everywhere, and how often exactly is no question. */
const maxCounted = 1_000;
/** References that are added up for the manifest, and for each of its children. */
const [maxReferences, maxReferencesOfChild] = [10_000, 1_000];

export const inspectManifest: Operation<Manifests['inspect']> = (connection) => {
  const { db } = connection;
  const findId = prepareResolve(connection);
  const outOfService = prepareOutOfService(connection);
  const sizeOf = prepareReferencedSize(connection);
  return async (repository, reference) => {
    const id = findId(repository, reference);
    const columns = { ...contentColumns, repositoryId: manifests.repositoryId };
    const found = db
      .select(columns)
      .from(manifests)
      .where(and(eq(manifests.id, id), inService))
      .get();
    if (found === undefined) throw outOfService(repository, id);
    const { repositoryId, ...manifest } = found;
    const { digest, content } = manifest;
    if (!hasDigest(content, digest)) throw new ManifestDamaged({ repository, digest }, false);
    const nextStep = timeSlices();
    const totalSize = sizeOf({ id, repositoryId }, maxReferences);
    const children: ManifestChild[] = [];
    for (const { id: childId, ...child } of childrenOf(db, repositoryId, id)) {
      await nextStep();
      const size = sizeOf({ id: childId, repositoryId }, maxReferencesOfChild);
      children.push({ ...withoutNulls(child), totalSize: size });
    }
    await nextStep();
    return {
      manifest: withoutNulls(manifest),
      totalSize,
      tags: tagsOf(db, id),
      children,
      parents: parentsOf(db, repositoryId, manifest.digest),
      referrers: referrersOf(db, repositoryId, [manifest.digest, ...children.map(({ digest }) => digest)]),
      blobs: blobsOf(db, id),
      ...lastPullOf(db, id),
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

/** Looks at the first entries only, since those that are not in the repository take time as well. */
function childrenOf(db: Database, repositoryId: number, id: number) {
  const entries = db
    .select({ childDigest: manifestChildren.childDigest })
    .from(manifestChildren)
    .where(eq(manifestChildren.parentId, id))
    .limit(maxEntries)
    .as('entries');
  return db
    .select({ id: manifests.id, ...recordColumns })
    .from(entries)
    .crossJoin(manifests)
    .where(and(eq(manifests.repositoryId, repositoryId), eq(manifests.digest, sql`${entries.childDigest}`), inService))
    .all();
}

function parentsOf(db: Database, repositoryId: number, digest: Digest) {
  const edges = db
    .select({ parentId: manifestChildren.parentId })
    .from(manifestChildren)
    .where(and(eq(manifestChildren.repositoryId, repositoryId), eq(manifestChildren.childDigest, digest)))
    .limit(maxListed)
    .as('edges');
  const rows = db
    .select({ digest: manifests.digest })
    .from(edges)
    .crossJoin(manifests)
    .where(eq(manifests.id, edges.parentId))
    .all();
  return rows.map((row) => row.digest);
}

/** Of large ones, neither annotations nor content: a hundred of those would be more than one response should hold. */
function referrersOf(db: Database, repositoryId: number, subjects: readonly Digest[]): ListedManifest[] {
  const { annotations } = manifestSummaries;
  const rows = db
    .select({
      ...recordColumns,
      annotations: sql<string | null>`case when ${isSmall} then ${annotations} end`,
      content: sql<Uint8Array | null>`case when ${isSmall} and ${annotations} is null then ${manifests.content} end`,
    })
    .from(manifests)
    .leftJoin(manifestSummaries, eq(manifestSummaries.manifestId, manifests.id))
    .where(and(eq(manifests.repositoryId, repositoryId), inArray(manifests.subject, [...subjects]), inService))
    .orderBy(asc(manifests.subject), asc(manifests.digest))
    .limit(maxListed)
    .all();
  return rows.map(listedOf);
}

function lastPullOf(db: Database, id: number) {
  const { lastPulledAt, lastPulledBy } = manifestPulls;
  const found = db
    .select({ lastPulledAt, lastPulledBy })
    .from(manifestPulls)
    .where(eq(manifestPulls.manifestId, id))
    .get();
  return found && withoutNulls(found);
}

function blobsOf(db: Database, id: number) {
  const repositories = sql<number>`min(${blobs.repositoryCount}, ${maxCounted})`;
  return db
    .select({ digest: blobs.digest, size: blobs.size, repositories })
    .from(manifestBlobs)
    .innerJoin(blobs, eq(blobs.id, manifestBlobs.blobId))
    .where(eq(manifestBlobs.manifestId, id))
    .limit(maxEntries)
    .all();
}
