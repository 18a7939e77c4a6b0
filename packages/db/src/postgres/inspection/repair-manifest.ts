import type { Digest } from '@mcr/core';
import type { Inspection } from '../../facets/inspection.ts';
import type { Operation } from '../facet.ts';
import { recountFigures } from './inspect-repositories.ts';

const lock = `SELECT m.id, r.id AS "repositoryId" FROM repositories r JOIN manifests m ON m.repository_id = r.id
  WHERE r.name = $1 AND m.digest = $2 FOR NO KEY UPDATE OF r`;
const lockBlobs = 'SELECT id, digest FROM blobs WHERE digest = ANY($1) ORDER BY id FOR NO KEY UPDATE';
const update = 'UPDATE manifests SET size = $2, artifact_type = $3, subject_digest = $4 WHERE id = $1';
const keepSummary = `INSERT INTO manifest_summaries (manifest_id, config_media_type, platforms, annotations) VALUES ($1, $2, $3, $4)
  ON CONFLICT (manifest_id) DO UPDATE SET config_media_type = excluded.config_media_type,
    platforms = coalesce(excluded.platforms, manifest_summaries.platforms), annotations = excluded.annotations`;
const dropChildren = 'DELETE FROM manifest_children WHERE parent_id = $1 AND child_digest <> ALL ($2)';
const addChildren = `INSERT INTO manifest_children (parent_id, child_digest, repository_id)
  SELECT $1, child, $3 FROM unnest($2::text[]) child ON CONFLICT DO NOTHING`;
const addReferences = `INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id)
  SELECT $1, blob, $3 FROM unnest($2::bigint[]) blob ORDER BY blob ON CONFLICT DO NOTHING`;

export const repairManifest: Operation<Inspection['repairManifest']> =
  (connection) =>
  ({ repository, digest, size, artifactType, subject, children, summary, blobs: wanted }) =>
    connection.write(undefined, async (tx) => {
      const [row] = await tx.query<{ id: number; repositoryId: number }>(lock, [repository, digest]);
      if (row === undefined) return [];
      const { id, repositoryId } = row;
      const found = await tx.query<{ id: number; digest: Digest }>(lockBlobs, [wanted]);
      await tx.run(update, [id, size, artifactType, subject]);
      const { configMediaType, platforms, annotations } = summary;
      const platformsText = platforms && JSON.stringify(platforms);
      await tx.run(keepSummary, [id, configMediaType, platformsText, JSON.stringify(annotations)]);
      await tx.run(dropChildren, [id, children]);
      await tx.run(addChildren, [id, children, repositoryId]);
      await tx.run(addReferences, [repositoryId, found.map((blob) => blob.id), id]);
      // A size that changes in place runs no trigger.
      await recountFigures(tx, repositoryId);
      const there = new Set(found.map((blob) => blob.digest));
      return wanted.filter((name) => there.has(name));
    });
