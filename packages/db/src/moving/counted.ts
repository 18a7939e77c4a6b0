import { fillLayers } from '../common/counted-layers.ts';

const blobsOf = `blobs b WHERE b.id IN (SELECT r.blob_id FROM manifest_blobs r WHERE r.repository_id = repositories.id)`;

/**
 * Statements of both dialects that count what moves without being copied: what triggers would have counted with each row. Totals
 * and what is pending are counted by `Inspection.recountTotals`.
 */
export const countingStatements: readonly string[] = [
  `UPDATE blobs SET repository_count =
    (SELECT count(DISTINCT r.repository_id) FROM manifest_blobs r WHERE r.blob_id = blobs.id)`,
  `UPDATE repositories SET
    tag_count = (SELECT count(*) FROM tags t WHERE t.repository_id = repositories.id),
    manifest_count = (SELECT count(*) FROM manifests m WHERE m.repository_id = repositories.id),
    total_size = coalesce((SELECT sum(m.size) FROM manifests m WHERE m.repository_id = repositories.id), 0)
      + coalesce((SELECT sum(b.size) FROM ${blobsOf}), 0),
    unique_size = coalesce((SELECT sum(b.size) FROM ${blobsOf} AND b.repository_count = 1), 0),
    unique_blobs = (SELECT count(*) FROM ${blobsOf} AND b.repository_count = 1)`,
  `UPDATE gc_queue SET size = (SELECT b.size FROM blobs b WHERE b.id = gc_queue.blob_id),
    unreferenced = NOT EXISTS (SELECT 1 FROM manifest_blobs r WHERE r.blob_id = gc_queue.blob_id)`,
  'DELETE FROM repository_layers',
  fillLayers,
  'DELETE FROM audit_blocks',
  'INSERT INTO audit_blocks (block, first_at, last_at) SELECT id / 1024, min(at), max(at) FROM audit_log GROUP BY 1',
];
