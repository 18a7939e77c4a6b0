import { type Digest, timeSlices } from '@mcr/core';
import { beforeLayer, byWeight, type Layer, maxLayers, maxUses, placeOfLayer } from '../../facets/layers.ts';
import type { Repositories } from '../../facets/repositories.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from './repository-ids.ts';

interface Row {
  readonly id: number;
  readonly digest: Digest;
  readonly size: number;
  readonly repositories: number;
}

/** Layers that are read at a time. */
const readSize = 500;

export const listLayers: Operation<Repositories['listLayers']> = (connection) => {
  const { sqlite } = connection;
  const ids = prepareRepositoryIds(connection);
  // From one blob to the next, a step through the index for each, however many manifests have it.
  const read = sqlite.prepare<[number, number, number, number], Row>(`
    WITH RECURSIVE found (id) AS (SELECT min(blob_id) FROM manifest_blobs WHERE repository_id = ? AND blob_id > ? UNION ALL
      SELECT (SELECT min(blob_id) FROM manifest_blobs WHERE repository_id = ? AND blob_id > found.id) FROM found WHERE id IS NOT NULL)
    SELECT b.id, b.digest, b.size, min(b.repository_count, ${maxUses}) AS repositories
    FROM found CROSS JOIN blobs b ON b.id = found.id LIMIT ?`);
  const count = sqlite
    .prepare<[number, number], number>(
      `SELECT count(*) FROM (SELECT 1 FROM manifest_blobs WHERE repository_id = ? AND blob_id = ? LIMIT ${maxUses}) found`,
    )
    .pluck();
  return async (repository, { after = '', limit }) => {
    const [repositoryId, length] = [ids.require(repository), pageLimit(limit)];
    const place = placeOfLayer(after);
    const nextStep = timeSlices();
    let heaviest: Row[] = [];
    let last = 0;
    for (let seen = 0; seen < maxLayers; seen += readSize) {
      const rows = read.all(repositoryId, last, repositoryId, readSize);
      const later = rows.filter((row) => place === undefined || beforeLayer(place, row));
      heaviest = [...heaviest, ...later].toSorted(byWeight).slice(0, length);
      last = rows.at(-1)?.id ?? last;
      if (rows.length < readSize) break;
      await nextStep();
    }
    return heaviest.map(({ id, ...row }): Layer => ({ ...row, images: count.get(repositoryId, id) ?? 0 }));
  };
};
