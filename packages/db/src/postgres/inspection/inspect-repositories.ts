import type { InspectedRepository, Inspection, RepositoryFigures } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Transaction } from '../connection/transaction.ts';
import type { Operation } from '../facet.ts';

const held = 'SELECT x.blob_id FROM manifest_blobs x WHERE x.repository_id = r.id';
const unique = `FROM blobs b WHERE b.repository_count = 1 AND b.id IN (${held})`;

/** All figures that are kept for a repository `r`, counted anew; a blob counts once. */
const counted: Readonly<Record<keyof RepositoryFigures, string>> = {
  totalSize: `(SELECT coalesce(sum(m.size), 0) FROM manifests m WHERE m.repository_id = r.id)::bigint
    + (SELECT coalesce(sum(b.size), 0) FROM blobs b WHERE b.id IN (${held}))::bigint`,
  tagCount: '(SELECT count(*) FROM tags t WHERE t.repository_id = r.id)',
  manifestCount: '(SELECT count(*) FROM manifests m WHERE m.repository_id = r.id)',
  uniqueSize: `(SELECT coalesce(sum(b.size), 0)::bigint ${unique})`,
  uniqueBlobs: `(SELECT count(*) ${unique})`,
};
const kept: Readonly<Record<keyof RepositoryFigures, string>> = {
  totalSize: 'r.total_size',
  tagCount: 'r.tag_count',
  manifestCount: 'r.manifest_count',
  uniqueSize: 'u.unique_size',
  uniqueBlobs: 'u.unique_blobs',
};

const objectOf = (figures: Readonly<Record<string, string>>) =>
  `json_build_object(${Object.entries(figures)
    .map(([name, sql]) => `'${name}', ${sql}`)
    .join(', ')})`;

const page = `SELECT r.name, ${objectOf(kept)} AS kept, ${objectOf(counted)} AS counted
  FROM repositories r JOIN unique_figures u ON u.id = r.id
  WHERE r.deleted_at IS NULL AND r.name > $1 ORDER BY r.name LIMIT $2`;

export const inspectRepositories: Operation<Inspection['compareRepositories']> =
  (connection) =>
  async ({ after = '', limit }) =>
    await connection.query<InspectedRepository>(page, [after, pageLimit(limit)]);

/** In one statement: what others have changed of the figures meanwhile is either counted or stays on record. */
const recount = `WITH gone AS (DELETE FROM figure_changes WHERE repository_id = $1)
  UPDATE repositories r SET total_size = ${counted.totalSize}, tag_count = ${counted.tagCount},
    manifest_count = ${counted.manifestCount}, unique_size = ${counted.uniqueSize}, unique_blobs = ${counted.uniqueBlobs}
  WHERE r.id = $1`;

/** Counts the figures of a repository anew, whose row is locked. */
export async function recountFigures(tx: Transaction, repositoryId: number): Promise<void> {
  await tx.run(recount, [repositoryId]);
}

export const recountRepository: Operation<Inspection['recountRepository']> = (connection) => (name) =>
  connection.write(undefined, async (tx) => {
    const found = await tx.query<{ id: number }>('SELECT id FROM repositories WHERE name = $1 FOR NO KEY UPDATE', [
      name,
    ]);
    for (const { id } of found) await recountFigures(tx, id);
  });
