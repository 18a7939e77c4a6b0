import { fillLayers, layerFigures } from '../../common/counted-layers.ts';
import type { ComparedFigure, Inspection } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { countedImages } from '../migrations/000010-tagged-images.ts';

const repositoriesOf = '(SELECT count(DISTINCT r.repository_id) FROM manifest_blobs r WHERE r.blob_id = blobs.id)';
const isUnreferenced = 'NOT EXISTS (SELECT 1 FROM manifest_blobs r WHERE r.blob_id = q.blob_id)';
const live = 'FROM repositories WHERE deleted_at IS NULL';

/** How each total is counted. What is kept for a repository was compared before, so that its sums are right. */
const totals = {
  repositories: `(SELECT count(*) ${live})`,
  manifests: `(SELECT coalesce(sum(manifest_count), 0)::bigint ${live})`,
  tags: `(SELECT coalesce(sum(tag_count), 0)::bigint ${live})`,
  blobs: '(SELECT count(*) FROM blobs)',
  blob_bytes: '(SELECT coalesce(sum(size), 0)::bigint FROM blobs)',
  quarantined: '(SELECT count(*) FROM blobs WHERE damage IS NOT NULL)',
  uploads: '(SELECT count(*) FROM uploads)',
  referenced_bytes: `(SELECT coalesce(sum(total_size), 0)::bigint ${live})`,
};
const queued = `FROM gc_queue q JOIN blobs b ON b.id = q.blob_id WHERE ${isUnreferenced}`;
const trashed = `FROM blob_trash WHERE kind <> 'piece'`;
const pending = {
  queue: { blobs: `(SELECT count(*) ${queued})`, bytes: `(SELECT coalesce(sum(b.size), 0)::bigint ${queued})` },
  trash: { blobs: `(SELECT count(*) ${trashed})`, bytes: `(SELECT coalesce(sum(size), 0)::bigint ${trashed})` },
};

/** Of blobs whose numbers of repositories were compared before. */
const countedShared = '(SELECT coalesce(sum(size), 0)::bigint FROM blobs WHERE repository_count > 1)';

/** Images as tags say them, of which those that are kept so count. */
const images = {
  kept: `(SELECT count(*) FROM tagged_images JOIN (${countedImages}) c USING (manifest_id, repository_id, image_key, name, tag_count))`,
  counted: '(SELECT count(DISTINCT manifest_id) FROM tags)',
};

/** One statement and so one moment. What is kept is a sum of stripes. */
const comparisons = [
  ...Object.entries(totals).map(
    ([figure, counted]) =>
      `SELECT '${figure}' AS figure, (SELECT sum(${figure})::bigint FROM totals) AS kept, ${counted} AS counted`,
  ),
  ...Object.entries(pending).flatMap(([place, figures]) =>
    Object.entries(figures).map(
      ([figure, counted]) =>
        `SELECT '${place} ${figure}', (SELECT sum(${figure})::bigint FROM pending_garbage WHERE place = '${place}'), ${counted}`,
    ),
  ),
  `SELECT 'shared bytes', (SELECT sum(bytes)::bigint FROM shared_bytes), ${countedShared}`,
  `SELECT 'tagged images', ${images.kept}, ${images.counted}`,
  ...layerFigures.map(({ figure, kept, counted }) => `SELECT '${figure}', ${kept}, ${counted}`),
].join(' UNION ALL ');

export const inspectTotals: Operation<Inspection['compareTotals']> = (connection) => () =>
  connection.query<ComparedFigure & { figure: string }>(comparisons);

const queue = `UPDATE gc_queue q SET unreferenced = ${isUnreferenced}, size = b.size FROM blobs b
  WHERE b.id = q.blob_id AND (q.unreferenced <> ${isUnreferenced} OR q.size <> b.size)`;
const stripesOfTotals = `UPDATE totals SET (${Object.keys(totals).join(', ')}) = (SELECT ${Object.entries(totals)
  .map(([figure, counted]) => `CASE WHEN id = 0 THEN ${counted} ELSE 0 END AS ${figure}`)
  .join(', ')})`;
const stripesOf = (place: 'queue' | 'trash') =>
  `UPDATE pending_garbage SET blobs = CASE WHEN stripe = 0 THEN ${pending[place].blobs} ELSE 0 END,
    bytes = CASE WHEN stripe = 0 THEN ${pending[place].bytes} ELSE 0 END WHERE place = '${place}'`;

const stripesOfShared = `UPDATE shared_bytes SET bytes = CASE WHEN id = 0 THEN ${countedShared} ELSE 0 END`;

/** The tables are counted anew one after the other, each while no other process counts in it. */
export const recountTotals: Operation<Inspection['recountTotals']> = (connection) => async () => {
  await connection.write(undefined, (tx) => tx.run(queue));
  await connection.write(undefined, async (tx) => {
    await tx.run('LOCK TABLE totals IN EXCLUSIVE MODE');
    await tx.run(stripesOfTotals);
  });
  await connection.write(undefined, async (tx) => {
    await tx.run('LOCK TABLE pending_garbage IN EXCLUSIVE MODE');
    for (const place of ['queue', 'trash'] as const) await tx.run(stripesOf(place));
  });
  await connection.write(undefined, async (tx) => {
    await tx.run('LOCK TABLE shared_bytes IN EXCLUSIVE MODE');
    await tx.run(stripesOfShared);
  });
  await connection.write(undefined, async (tx) => {
    await tx.run('LOCK TABLE tags IN SHARE MODE');
    await tx.run('DELETE FROM tagged_images');
    await tx.run(`INSERT INTO tagged_images ${countedImages}`);
  });
  await connection.write(undefined, async (tx) => {
    await tx.run('LOCK TABLE manifest_blobs IN SHARE MODE');
    await tx.run('DELETE FROM repository_layers');
    await tx.run(fillLayers);
  });
};

const counts = `SELECT digest, repository_count AS kept, ${repositoriesOf} AS counted FROM blobs WHERE digest > $1
  ORDER BY digest LIMIT $2`;

export const inspectReferenceCounts: Operation<Inspection['compareReferenceCounts']> =
  (connection) =>
  async ({ after = '', limit }) =>
    await connection.query(counts, [after, pageLimit(limit)]);

export const recountReferences: Operation<Inspection['recountReferences']> = (connection) => (digest) =>
  connection.write(undefined, async (tx) => {
    // Pushes that reference it have ended, or wait.
    await tx.query('SELECT 1 FROM blobs WHERE digest = $1 FOR UPDATE', [digest]);
    await tx.run(`UPDATE blobs SET repository_count = ${repositoriesOf} WHERE digest = $1`, [digest]);
  });
