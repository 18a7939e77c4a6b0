import { type Layer, maxLayers, maxUses, placeOfLayer } from '../../facets/layers.ts';
import type { Repositories } from '../../facets/repositories.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { requireRepository } from './repository-ids.ts';

/** From one blob to the next, a step through the index for each, however many manifests have it; then uses of the page alone. */
const text = `WITH RECURSIVE found (id) AS (
    (SELECT blob_id FROM manifest_blobs WHERE repository_id = $1 ORDER BY blob_id LIMIT 1) UNION ALL
    SELECT (SELECT blob_id FROM manifest_blobs WHERE repository_id = $1 AND blob_id > found.id ORDER BY blob_id LIMIT 1)
      FROM found WHERE id IS NOT NULL),
  page AS MATERIALIZED (SELECT b.id, b.digest, b.size, least(b.repository_count, ${maxUses}) AS repositories
    FROM (SELECT id FROM found WHERE id IS NOT NULL LIMIT ${maxLayers}) f JOIN blobs b ON b.id = f.id
    WHERE $2::bigint IS NULL OR b.size < $2 OR (b.size = $2 AND b.digest > $3) ORDER BY b.size DESC, b.digest LIMIT $4)
  SELECT p.digest, p.size, p.repositories, (SELECT count(*) FROM (SELECT 1 FROM manifest_blobs m
    WHERE m.repository_id = $1 AND m.blob_id = p.id LIMIT ${maxUses}) uses) AS images FROM page p ORDER BY p.size DESC, p.digest`;

export const listLayers: Operation<Repositories['listLayers']> = (connection) => {
  return async (repository, { after = '', limit }) => {
    const length = pageLimit(limit);
    const repositoryId = await requireRepository(connection, repository);
    const { size = null, digest = '' } = placeOfLayer(after) ?? {};
    return await connection.query<Layer>(text, [repositoryId, size, digest, length]);
  };
};
