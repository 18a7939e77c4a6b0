import { type Digest, hasDigest, timeSlices } from '@mcr/core';
import { and, asc, eq, sql } from 'drizzle-orm';
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

const { placeholder } = sql;

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
  const select = db
    .select({ ...contentColumns, repositoryId: manifests.repositoryId })
    .from(manifests)
    .where(and(eq(manifests.id, placeholder('id')), inService))
    .prepare();
  const tagsOf = prepareTagsOf(db);
  const childrenOf = prepareChildrenOf(db);
  const parentsOf = prepareParentsOf(db);
  const referrersOf = prepareReferrersOf(db);
  const blobsOf = prepareBlobsOf(db);
  const lastPullOf = prepareLastPullOf(db);
  return async (repository, reference) => {
    const id = findId(repository, reference);
    const found = select.get({ id });
    if (found === undefined) throw outOfService(repository, id);
    const { repositoryId, ...manifest } = found;
    const { digest, content } = manifest;
    if (!hasDigest(content, digest)) throw new ManifestDamaged({ repository, digest }, false);
    const nextStep = timeSlices();
    const totalSize = sizeOf({ id, repositoryId }, maxReferences);
    const children: ManifestChild[] = [];
    for (const { id: childId, ...child } of childrenOf(repositoryId, id)) {
      await nextStep();
      const size = sizeOf({ id: childId, repositoryId }, maxReferencesOfChild);
      children.push({ ...withoutNulls(child), totalSize: size });
    }
    await nextStep();
    return {
      manifest: withoutNulls(manifest),
      totalSize,
      tags: tagsOf(id),
      children,
      parents: parentsOf(repositoryId, manifest.digest),
      referrers: referrersOf(repositoryId, [manifest.digest, ...children.map(({ digest }) => digest)]),
      blobs: blobsOf(id),
      ...lastPullOf(id),
    };
  };
};

type Database = Connection['db'];

function prepareTagsOf(db: Database) {
  const statement = db
    .select({ name: tags.name })
    .from(tags)
    .where(eq(tags.manifestId, placeholder('id')))
    .orderBy(asc(tags.repositoryId), asc(tags.name))
    .limit(maxListed)
    .prepare();
  return (id: number) => statement.all({ id }).map(({ name }) => name);
}

/** Looks at the first entries only, since those that are not in the repository take time as well. */
function prepareChildrenOf(db: Database) {
  const entries = db
    .select({ childDigest: manifestChildren.childDigest })
    .from(manifestChildren)
    .where(eq(manifestChildren.parentId, placeholder('id')))
    .limit(maxEntries)
    .as('entries');
  const isEntry = eq(manifests.digest, sql`${entries.childDigest}`);
  const statement = db
    .select({ id: manifests.id, ...recordColumns })
    .from(entries)
    .crossJoin(manifests)
    .where(and(eq(manifests.repositoryId, placeholder('repositoryId')), isEntry, inService))
    .prepare();
  return (repositoryId: number, id: number) => statement.all({ repositoryId, id });
}

function prepareParentsOf(db: Database) {
  const { repositoryId, childDigest, parentId } = manifestChildren;
  const edges = db
    .select({ parentId })
    .from(manifestChildren)
    .where(and(eq(repositoryId, placeholder('repositoryId')), eq(childDigest, placeholder('digest'))))
    .limit(maxListed)
    .as('edges');
  const statement = db
    .select({ digest: manifests.digest })
    .from(edges)
    .crossJoin(manifests)
    .where(eq(manifests.id, edges.parentId))
    .prepare();
  return (inRepository: number, digest: Digest) =>
    statement.all({ repositoryId: inRepository, digest }).map((row) => row.digest);
}

/** Of large ones, neither annotations nor content: a hundred of those would be more than one response should hold. */
function prepareReferrersOf(db: Database) {
  const { annotations } = manifestSummaries;
  const isOfSubject = sql`${manifests.subject} in (select d.value from json_each(${placeholder('subjects')}) d)`;
  const statement = db
    .select({
      ...recordColumns,
      annotations: sql<string | null>`case when ${isSmall} then ${annotations} end`,
      content: sql<Uint8Array | null>`case when ${isSmall} and ${annotations} is null then ${manifests.content} end`,
    })
    .from(manifests)
    .leftJoin(manifestSummaries, eq(manifestSummaries.manifestId, manifests.id))
    .where(and(eq(manifests.repositoryId, placeholder('repositoryId')), isOfSubject, inService))
    .orderBy(asc(manifests.subject), asc(manifests.digest))
    .limit(maxListed)
    .prepare();
  return (repositoryId: number, subjects: readonly Digest[]): ListedManifest[] =>
    statement.all({ repositoryId, subjects: JSON.stringify(subjects) }).map(listedOf);
}

function prepareLastPullOf(db: Database) {
  const { lastPulledAt, lastPulledBy } = manifestPulls;
  const statement = db
    .select({ lastPulledAt, lastPulledBy })
    .from(manifestPulls)
    .where(eq(manifestPulls.manifestId, placeholder('id')))
    .prepare();
  return (id: number) => {
    const found = statement.get({ id });
    return found && withoutNulls(found);
  };
}

function prepareBlobsOf(db: Database) {
  const statement = db
    .select({
      digest: blobs.digest,
      size: blobs.size,
      repositories: sql<number>`min(${blobs.repositoryCount}, ${maxCounted})`,
    })
    .from(manifestBlobs)
    .innerJoin(blobs, eq(blobs.id, manifestBlobs.blobId))
    .where(eq(manifestBlobs.manifestId, placeholder('id')))
    .limit(maxEntries)
    .prepare();
  return (id: number) => statement.all({ id });
}
