import type { AuditedBlob } from '../../facets/blobs.ts';
import type { InspectedBlob, Inspection } from '../../facets/inspection.ts';
import type { ManifestName } from '../../facets/manifests.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

/** Blobs `b` with whether garbage collection has lost sight of them; a condition on `b` may follow. */
export const inspectedBlobs = `SELECT b.id, b.digest, b.size, b.locator, b.damage,
    NOT EXISTS (SELECT 1 FROM gc_queue q WHERE q.blob_id = b.id)
    AND NOT EXISTS (SELECT 1 FROM manifest_blobs r WHERE r.blob_id = b.id) AS forgotten
  FROM blobs b`;

/** A row of {@link inspectedBlobs}. */
export interface InspectedRow extends Omit<InspectedBlob, 'damage'> {
  readonly id: number;
  readonly damage: NonNullable<InspectedBlob['damage']> | null;
}

/** The part of the row that garbage collection compares with the bytes. */
export function toAuditedBlob({ digest, size, locator, damage }: InspectedRow): AuditedBlob {
  return { digest, size, locator, ...(damage !== null && { damage }) };
}

function toInspectedBlob(row: InspectedRow): InspectedBlob {
  return { ...toAuditedBlob(row), forgotten: row.forgotten };
}

const slice = `${inspectedBlobs} WHERE b.locator > $1 ORDER BY b.locator LIMIT $2`;

export const inspectBlobs: Operation<Inspection['listBlobs']> =
  (connection) =>
  async ({ after = '', limit }) =>
    (await connection.query<InspectedRow>(slice, [after, pageLimit(limit)])).map(toInspectedBlob);

const byLocator = `SELECT b.*, EXISTS (SELECT 1 FROM blob_trash WHERE locator = $1) AS trashed
  FROM (VALUES (1)) one LEFT JOIN (${inspectedBlobs} WHERE b.locator = $1) b ON true`;

export const inspectLocator: Operation<Inspection['findLocator']> = (connection) => async (locator) => {
  const [row] = await connection.query<InspectedRow & { trashed: boolean }>(byLocator, [locator]);
  const { trashed, ...blob } = row!;
  return { ...(blob.id !== null && { blob: toInspectedBlob(blob) }), trashed };
};

const references = `SELECT repositories.name AS repository, m.digest FROM blobs b
    JOIN manifest_blobs r ON r.blob_id = b.id JOIN manifests m ON m.id = r.manifest_id
    JOIN repositories ON repositories.id = m.repository_id
  WHERE b.digest = $1 AND repositories.deleted_at IS NULL LIMIT $2`;

export const inspectReferences: Operation<Inspection['listReferences']> = (connection) => async (digest, limit) =>
  await connection.query<ManifestName>(references, [digest, pageLimit(limit)]);
