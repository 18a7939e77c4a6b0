import { type Layer, placeOfLayer } from '../../facets/layers.ts';
import type { Repositories } from '../../facets/repositories.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { requireRepository } from './repository-ids.ts';

/** Two ranges of the index, since sizes go down in it, and digests up. A blob is looked up for each row, whatever statistics say. */
const text = `SELECT l.digest, l.size, l.images, b.repository_count AS repositories FROM (
    (SELECT * FROM repository_layers WHERE repository_id = $1 AND size = $2 AND digest > $3 ORDER BY digest LIMIT $4) UNION ALL
    (SELECT * FROM repository_layers WHERE repository_id = $1 AND size < $2 ORDER BY size DESC, digest LIMIT $4)
    ORDER BY size DESC, digest LIMIT $4) l
  CROSS JOIN LATERAL (SELECT repository_count FROM blobs WHERE id = l.blob_id LIMIT 1) b ORDER BY l.size DESC, l.digest`;

export const listLayers: Operation<Repositories['listLayers']> = (connection) => {
  return async (repository, { after = '', limit }) => {
    const length = pageLimit(limit);
    const repositoryId = await requireRepository(connection, repository);
    const { size, digest } = placeOfLayer(after);
    return await connection.query<Layer>(text, [repositoryId, size, digest, length]);
  };
};
