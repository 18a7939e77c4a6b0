import type { Digest, Tag } from '@mcr/core';
import type { ManifestDetails, Manifests } from '../../facets/manifests.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { contentOf, inService, prepareFindManifests, type RecordRow, recordColumns } from './find-manifest.ts';
import { type ListedRow, listedOf, maxListedContent } from './summary-rows.ts';

/** As many as a person looks at; the lists of their own have them all. */
const maxListed = 100;
/** As many children and blobs; the content has them all. */
const maxEntries = 1_000;
/** A base layer may be everywhere, and how often exactly is no question. */
const maxCounted = 1_000;
/** References that are added up for the manifest, and for each of its children. */
const [maxReferences, maxReferencesOfChild] = [10_000, 1_000];

const totalSize = `SELECT referenced_size($1, $2, ${maxReferences}) AS size`;
const tagsOf = `SELECT name FROM tags WHERE manifest_id = $1 ORDER BY name LIMIT ${maxListed}`;
/** Looks at the first entries only, since those that are not in the repository take time as well. */
const childrenOf = `SELECT ${recordColumns}, referenced_size(m.id, $2, ${maxReferencesOfChild}) AS "totalSize"
  FROM (SELECT child_digest FROM manifest_children WHERE parent_id = $1 ORDER BY child_digest LIMIT ${maxEntries}) e
  JOIN manifests m ON m.repository_id = $2 AND m.digest = e.child_digest WHERE ${inService} ORDER BY m.digest`;
const parentsOf = `SELECT m.digest FROM (SELECT parent_id FROM manifest_children WHERE repository_id = $1 AND child_digest = $2
  ORDER BY parent_id LIMIT ${maxListed}) e JOIN manifests m ON m.id = e.parent_id ORDER BY m.id`;
/** Of large ones, neither annotations nor content: a hundred of those would be more than one response should hold. */
const referrersOf = `SELECT ${recordColumns}, CASE WHEN m.size <= ${maxListedContent} THEN s.annotations END AS annotations,
    CASE WHEN m.size <= ${maxListedContent} AND s.annotations IS NULL THEN m.content END AS content
  FROM manifests m LEFT JOIN manifest_summaries s ON s.manifest_id = m.id
  WHERE m.repository_id = $1 AND m.subject_digest = ANY ($2::text[]) AND ${inService}
  ORDER BY m.subject_digest, m.digest LIMIT ${maxListed}`;
const blobsOf = `SELECT b.digest, b.size, least(b.repository_count, ${maxCounted}) AS repositories
  FROM manifest_blobs r JOIN blobs b ON b.id = r.blob_id WHERE r.manifest_id = $1 ORDER BY r.blob_id LIMIT ${maxEntries}`;
const lastPullOf = `SELECT last_pulled_at AS "lastPulledAt", last_pulled_by AS "lastPulledBy" FROM manifest_pulls
  WHERE manifest_id = $1`;

interface LastPull {
  readonly lastPulledAt: number;
  readonly lastPulledBy: string | null;
}

type Child = RecordRow & { readonly totalSize: number };

export const inspectManifest: Operation<Manifests['inspect']> = (connection) => {
  return (repository, reference) =>
    connection.read(async (tx): Promise<ManifestDetails> => {
      const key = { repository, reference };
      const [found] = await prepareFindManifests(tx, 'content')([key]);
      const manifest = contentOf(found!, key);
      if ('error' in found!) throw found.error;
      const { id, repositoryId } = found!;
      const children = await tx.query<Child>(childrenOf, [id, repositoryId]);
      const subjects = [manifest.digest, ...children.map(({ digest }) => digest)];
      const [[total], tags, parents, referrers, blobs, [pull]] = await Promise.all([
        tx.query<{ size: number }>(totalSize, [id, repositoryId]),
        tx.query<{ name: Tag }>(tagsOf, [id]),
        tx.query<{ digest: Digest }>(parentsOf, [repositoryId, manifest.digest]),
        tx.query<ListedRow>(referrersOf, [repositoryId, subjects]),
        tx.query<ManifestDetails['blobs'][number]>(blobsOf, [id]),
        tx.query<LastPull>(lastPullOf, [id]),
      ]);
      return {
        manifest,
        totalSize: total?.size ?? 0,
        tags: tags.map(({ name }) => name),
        children: children.map(withoutNulls),
        parents: parents.map(({ digest }) => digest),
        referrers: referrers.map(listedOf),
        blobs,
        ...(pull && withoutNulls(pull)),
      };
    });
};
