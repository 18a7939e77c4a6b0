import type { ManifestName, Manifests } from '../../facets/manifests.ts';
import { endOf, pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

const text = `SELECT r.name AS repository, m.digest FROM manifests m JOIN repositories r ON r.id = m.repository_id
  WHERE m.digest >= $1 AND m.digest < $2 AND r.deleted_at IS NULL ORDER BY m.digest, m.repository_id LIMIT $3`;

export const findManifestsByPrefix: Operation<Manifests['findByPrefix']> = (connection) => {
  return async ({ prefix, limit }) =>
    await connection.query<ManifestName>(text, [prefix, endOf(prefix), pageLimit(limit)]);
};
