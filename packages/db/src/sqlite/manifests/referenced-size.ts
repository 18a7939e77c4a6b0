import type { Connection } from '../connection/connection.ts';

/** A manifest's row, as far as it says where to look. */
export interface ManifestPlace {
  readonly id: number;
  readonly repositoryId: number;
}

/**
 * Bytes of the distinct blobs that a manifest, or the manifests that it lists, reference. Looks at no more than `most`
 * entries of an index and `most` references: of a manifest that has more, it is the sum of those.
 */
export type ReferencedSize = (manifest: ManifestPlace, most: number) => number;

/** The same as an expression, of the manifest with this row id, in the repository `:repositoryId`. */
export function referencedSize(id: string, most: number | string): string {
  // CROSS JOIN keeps the order of the tables: from the entries of one index, never through all manifests.
  return `(SELECT coalesce(sum(size), 0) FROM blobs WHERE id IN (
    SELECT blob_id FROM (
      SELECT blob_id FROM manifest_blobs WHERE manifest_id = ${id}
      UNION ALL
      SELECT r.blob_id FROM (SELECT child_digest FROM manifest_children WHERE parent_id = ${id} LIMIT ${most}) edge
        CROSS JOIN manifests child ON child.repository_id = :repositoryId AND child.digest = edge.child_digest
        CROSS JOIN manifest_blobs r ON r.manifest_id = child.id
    ) LIMIT ${most}))`;
}

export function prepareReferencedSize({ sqlite }: Connection): ReferencedSize {
  const statement = sqlite
    .prepare<{ id: number; repositoryId: number; most: number }, number>(`SELECT ${referencedSize(':id', ':most')}`)
    .pluck();
  return ({ id, repositoryId }, most) => statement.get({ id, repositoryId, most }) ?? 0;
}
