import type { Manifests } from '../../facets/manifests.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { requireRepository } from '../repositories/repository-ids.ts';
import { type RecordRow, recordColumns } from './find-manifest.ts';

export const listManifests: Operation<Manifests['list']> = (connection) => {
  const text = `SELECT ${recordColumns} FROM manifests m WHERE m.repository_id = $1 AND m.digest > $2 ORDER BY m.digest LIMIT $3`;
  return async (repository, { after = '', limit }) => {
    const length = pageLimit(limit);
    const repositoryId = await requireRepository(connection, repository);
    return (await connection.query<RecordRow>(text, [repositoryId, after, length])).map(withoutNulls);
  };
};
