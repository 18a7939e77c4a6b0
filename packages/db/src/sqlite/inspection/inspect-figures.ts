import { fillLayers, layerFigures } from '../../common/counted-layers.ts';
import type { Inspection } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { countedImages } from '../migrations/000032-tagged-images.ts';

const repositoriesOf = '(SELECT count(DISTINCT r.repository_id) FROM manifest_blobs r WHERE r.blob_id = blobs.id)';
const isUnreferenced = 'NOT EXISTS (SELECT 1 FROM manifest_blobs r WHERE r.blob_id = gc_queue.blob_id)';
const live = 'FROM repositories WHERE deleted_at IS NULL';

/** How each total is counted. What is kept for a repository was compared before, so that its sums are right. */
const countedTotals = {
  repositories: `(SELECT count(*) ${live})`,
  manifests: `(SELECT coalesce(sum(manifest_count), 0) ${live})`,
  tags: `(SELECT coalesce(sum(tag_count), 0) ${live})`,
  blobs: '(SELECT count(*) FROM blobs)',
  blob_bytes: '(SELECT coalesce(sum(size), 0) FROM blobs)',
  quarantined: '(SELECT count(*) FROM blobs WHERE damage IS NOT NULL)',
  uploads: '(SELECT count(*) FROM uploads)',
  referenced_bytes: `(SELECT coalesce(sum(total_size), 0) ${live})`,
};
const countedPending: Readonly<Record<'queue' | 'trash', { readonly blobs: string; readonly bytes: string }>> = {
  queue: {
    blobs: `(SELECT count(*) FROM gc_queue WHERE ${isUnreferenced})`,
    bytes: `(SELECT coalesce(sum(b.size), 0) FROM gc_queue JOIN blobs b ON b.id = blob_id WHERE ${isUnreferenced})`,
  },
  trash: {
    blobs: `(SELECT count(*) FROM blob_trash WHERE kind <> 'piece')`,
    bytes: `(SELECT coalesce(sum(size), 0) FROM blob_trash WHERE kind <> 'piece')`,
  },
};

/** Of blobs whose numbers of repositories were compared before. */
const countedShared = '(SELECT coalesce(sum(size), 0) FROM blobs WHERE repository_count > 1)';

/** Images as tags say them, of which those that are kept so count. */
const images = {
  kept: `(SELECT count(*) FROM tagged_images JOIN (${countedImages}) c USING (manifest_id, repository_id, image_key, name, tag_count))`,
  counted: '(SELECT count(DISTINCT manifest_id) FROM tags)',
};

/** One statement and so one moment. */
const comparisons = [
  ...Object.entries(countedTotals).map(
    ([figure, counted]) => `SELECT '${figure}' AS figure, ${figure} AS kept, ${counted} AS counted FROM totals`,
  ),
  ...Object.entries(countedPending).flatMap(([place, figures]) =>
    Object.entries(figures).map(
      ([figure, counted]) =>
        `SELECT '${place} ${figure}', ${figure}, ${counted} FROM pending_garbage WHERE place = '${place}'`,
    ),
  ),
  `SELECT 'shared bytes', bytes, ${countedShared} FROM shared_bytes`,
  `SELECT 'tagged images', ${images.kept}, ${images.counted}`,
  ...layerFigures.map(({ figure, kept, counted }) => `SELECT '${figure}', ${kept}, ${counted}`),
].join(' UNION ALL ');

export const inspectTotals: Operation<Inspection['compareTotals']> = ({ sqlite }) => {
  const statement = sqlite.prepare<[], { figure: string; kept: number; counted: number }>(comparisons);
  return () => statement.all();
};

export const recountTotals: Operation<Inspection['recountTotals']> = ({ sqlite, write }) => {
  const assignments = Object.entries(countedTotals).map(([figure, counted]) => `${figure} = ${counted}`);
  const totals = sqlite.prepare(`UPDATE totals SET ${assignments.join(', ')}`);
  // Triggers follow with the sums, which are set after it.
  const queue = sqlite.prepare(`UPDATE gc_queue SET unreferenced = ${isUnreferenced},
    size = (SELECT size FROM blobs WHERE id = blob_id) WHERE unreferenced <> ${isUnreferenced}
    OR size <> (SELECT size FROM blobs WHERE id = blob_id)`);
  const pending = Object.entries(countedPending).map(([place, { blobs, bytes }]) =>
    sqlite.prepare(`UPDATE pending_garbage SET blobs = ${blobs}, bytes = ${bytes} WHERE place = '${place}'`),
  );
  const shared = sqlite.prepare(`UPDATE shared_bytes SET bytes = ${countedShared}`);
  const clear = sqlite.prepare('DELETE FROM tagged_images');
  const fill = sqlite.prepare(`INSERT INTO tagged_images ${countedImages}`);
  const clearLayers = sqlite.prepare('DELETE FROM repository_layers');
  const refillLayers = sqlite.prepare(fillLayers);
  return () =>
    write(() => {
      for (const statement of [totals, queue, ...pending, shared, clear, fill, clearLayers, refillLayers])
        statement.run();
    });
};

export const inspectReferenceCounts: Operation<Inspection['compareReferenceCounts']> = ({ sqlite }) => {
  const statement = sqlite.prepare<[string, number], { digest: never; kept: number; counted: number }>(
    `SELECT digest, repository_count AS kept, ${repositoriesOf} AS counted FROM blobs WHERE digest > ? ORDER BY digest LIMIT ?`,
  );
  return ({ after = '', limit }) => statement.all(after, pageLimit(limit));
};

export const recountReferences: Operation<Inspection['recountReferences']> = ({ sqlite, write }) => {
  const statement = sqlite.prepare(`UPDATE blobs SET repository_count = ${repositoriesOf} WHERE digest = ?`);
  return (digest) => write(() => void statement.run(digest));
};
