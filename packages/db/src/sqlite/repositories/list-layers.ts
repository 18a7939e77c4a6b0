import { type Layer, placeOfLayer } from '../../facets/layers.ts';
import type { Repositories } from '../../facets/repositories.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from './repository-ids.ts';

export const listLayers: Operation<Repositories['listLayers']> = (connection) => {
  const { sqlite } = connection;
  const ids = prepareRepositoryIds(connection);
  const select = `SELECT l.digest, l.size, l.images, b.repository_count AS repositories
    FROM repository_layers l CROSS JOIN blobs b ON b.id = l.blob_id WHERE l.repository_id = ?`;
  // Two ranges of the key, since sizes go down in it, and digests up.
  const asLarge = sqlite.prepare<[number, number, string, number], Layer>(
    `${select} AND l.size = ? AND l.digest > ? ORDER BY l.digest LIMIT ?`,
  );
  const smaller = sqlite.prepare<[number, number, number], Layer>(
    `${select} AND l.size < ? ORDER BY l.size DESC, l.digest LIMIT ?`,
  );
  return (repository, { after = '', limit }) => {
    const [repositoryId, length] = [ids.require(repository), pageLimit(limit)];
    const { size, digest } = placeOfLayer(after);
    const layers = asLarge.all(repositoryId, size, digest, length);
    return [...layers, ...smaller.all(repositoryId, size, length - layers.length)];
  };
};
