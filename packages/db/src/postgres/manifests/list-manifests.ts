import type { ManifestName, Manifests } from '../../facets/manifests.ts';
import { endOf, pageLimit } from '../../rows/pages.ts';
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

const byPrefix = `SELECT r.name AS repository, m.digest FROM manifests m JOIN repositories r ON r.id = m.repository_id
  WHERE m.digest >= $1 AND m.digest < $2 AND r.deleted_at IS NULL ORDER BY m.digest, m.repository_id LIMIT $3`;

export const findManifestsByPrefix: Operation<Manifests['findByPrefix']> = (connection) => {
  return async ({ prefix, limit }) =>
    await connection.query<ManifestName>(byPrefix, [prefix, endOf(prefix), pageLimit(limit)]);
};
