import type { Digest, Tag } from '@mcr/core';
import type { Connection } from '../connection/connection.ts';

interface RecordRow {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly artifactType: string | null;
  readonly subject: string | null;
  readonly createdAt: number;
}

/**
 * What a plan asks about one manifest after the other, each of it in a few steps through an index. Not through the query
 * builder, which would take most of the time.
 */
export function preparePlanReads({ sqlite }: Connection) {
  const manifestOfTag = sqlite
    .prepare<[number, Tag], number>('SELECT manifest_id FROM tags WHERE repository_id = ? AND name = ?')
    .pluck();
  const record = sqlite.prepare<[number], RecordRow>(`
    SELECT digest, media_type AS mediaType, size, artifact_type AS artifactType, subject_digest AS subject,
      created_at AS createdAt FROM manifests WHERE id = ?`);
  // All of them are of the manifest's repository, so that the order of the index is that of the names.
  const tagsOf = sqlite
    .prepare<[number, number], Tag>('SELECT name FROM tags WHERE manifest_id = ? ORDER BY repository_id, name LIMIT ?')
    .pluck();
  const parentsOf = sqlite
    .prepare<[number, Digest, number], number>(
      'SELECT parent_id FROM manifest_children WHERE repository_id = ? AND child_digest = ? LIMIT ?',
    )
    .pluck();
  const childrenOf = sqlite
    .prepare<{ repositoryId: number; id: number; most: number }, number>(`
      SELECT child.id FROM (SELECT child_digest FROM manifest_children WHERE parent_id = :id LIMIT :most) edge
      CROSS JOIN manifests child ON child.repository_id = :repositoryId AND child.digest = edge.child_digest
      WHERE child.id <> :id`)
    .pluck();
  const referrersOf = sqlite
    .prepare<[number, Digest, number], number>(
      'SELECT id FROM manifests WHERE repository_id = ? AND subject_digest = ? LIMIT ?',
    )
    .pluck();

  return {
    manifestOfTag: (repositoryId: number, tag: Tag) => manifestOfTag.get(repositoryId, tag),
    record: (id: number) => record.get(id),
    /** By name. */
    tagsOf: (id: number, most: number) => tagsOf.all(id, most),
    /** Indexes of the repository that list the digest. */
    parentsOf: (repositoryId: number, digest: Digest, most: number) => parentsOf.all(repositoryId, digest, most),
    /** Manifests that an index lists and that are in the repository. */
    childrenOf: (repositoryId: number, id: number, most: number) => childrenOf.all({ repositoryId, id, most }),
    referrersOf: (repositoryId: number, digest: Digest, most: number) => referrersOf.all(repositoryId, digest, most),
  };
}
