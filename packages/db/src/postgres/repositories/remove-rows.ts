import type { Transaction } from '../connection/transaction.ts';

/** What one slice may do. */
export interface RemovalSlice {
  readonly limit: number;
  /** When garbage collection looks at the blobs that lose a reference or a lease. */
  readonly reviewAfter: number;
}

/** Bytes of content that take as long to remove as a row of its own. */
const bytesPerRow = 16 * 1024;

const steps: readonly string[] = [
  `DELETE FROM tags WHERE repository_id = $1 AND name IN (SELECT name FROM tags WHERE repository_id = $1 ORDER BY name LIMIT $2)`,
  `DELETE FROM manifest_blobs m USING (SELECT blob_id, manifest_id FROM manifest_blobs WHERE repository_id = $1
    ORDER BY blob_id, manifest_id LIMIT $2) d
    WHERE m.repository_id = $1 AND m.blob_id = d.blob_id AND m.manifest_id = d.manifest_id`,
  `DELETE FROM blob_links WHERE repository_id = $1 AND blob_id IN
    (SELECT blob_id FROM blob_links WHERE repository_id = $1 ORDER BY blob_id LIMIT $2)`,
  `DELETE FROM manifest_children c USING (SELECT parent_id, child_digest FROM manifest_children WHERE repository_id = $1
    ORDER BY child_digest, parent_id LIMIT $2) d WHERE c.parent_id = d.parent_id AND c.child_digest = d.child_digest`,
];

/** Blobs whose references or leases the next steps remove, in the order of their ids. */
const lockBlobs = `SELECT id FROM blobs WHERE id IN (
  SELECT blob_id FROM (SELECT blob_id FROM manifest_blobs WHERE repository_id = $1 ORDER BY blob_id, manifest_id LIMIT $2) r
  UNION SELECT blob_id FROM (SELECT blob_id FROM blob_links WHERE repository_id = $1 ORDER BY blob_id LIMIT $2) l)
  ORDER BY id FOR NO KEY UPDATE`;

const removeManifests = `WITH next AS (
    SELECT id, 1 + size / ${bytesPerRow} AS cost,
      coalesce(sum(1 + size / ${bytesPerRow}) OVER (ORDER BY digest ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM (SELECT id, size, digest FROM manifests WHERE repository_id = $1 ORDER BY digest LIMIT $2) m),
  removed AS (DELETE FROM manifests m USING next n WHERE m.id = n.id AND n.before < $2 RETURNING n.cost)
  SELECT coalesce(sum(cost), 0)::bigint AS cost FROM removed`;

/**
 * Removes rows of a deleted repository, which the caller has locked, at most about `limit`, and at last its own; returns how many.
 * What depends on a row goes before it, and a blob is queued in the transaction that takes its reference.
 */
export async function removeRows(tx: Transaction, id: number, { limit, reviewAfter }: RemovalSlice): Promise<number> {
  const blobs = await tx.query<{ id: number }>(lockBlobs, [id, limit]);
  const due = [blobs.map((blob) => blob.id), reviewAfter];
  if (blobs.length > 0) await tx.query("SELECT queue_reviews($1, $2, 'repository_delete')", due);
  let removed = 0;
  for (const step of steps) {
    removed += await tx.run(step, [id, limit - removed]);
    if (removed >= limit) return removed;
  }
  const [manifests] = await tx.query<{ cost: number }>(removeManifests, [id, limit - removed]);
  removed += manifests?.cost ?? 0;
  if (removed >= limit) return removed;
  await tx.run('DELETE FROM figure_changes WHERE repository_id = $1', [id]);
  await tx.run('DELETE FROM repositories WHERE id = $1', [id]);
  return removed + 1;
}
