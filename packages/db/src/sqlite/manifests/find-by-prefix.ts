import type { ManifestName, Manifests } from '../../facets/manifests.ts';
import { endOf, pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

export const findManifestsByPrefix: Operation<Manifests['findByPrefix']> = ({ sqlite }) => {
  const statement = sqlite.prepare<[string, string, number], ManifestName>(
    `SELECT r.name AS repository, m.digest FROM manifests m INDEXED BY manifests_by_digest
     CROSS JOIN repositories r ON r.id = m.repository_id
     WHERE m.digest >= ? AND m.digest < ? AND r.deleted_at IS NULL ORDER BY m.digest, m.repository_id LIMIT ?`,
  );
  return ({ prefix, limit }) => statement.all(prefix, endOf(prefix), pageLimit(limit));
};
