import type { FoundTag, Tags } from '../../facets/tags.ts';
import { endOf, pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

const text = `SELECT r.name AS repository, t.name FROM tags t JOIN repositories r ON r.id = t.repository_id
  WHERE t.name >= $1 AND t.name < $2 AND r.deleted_at IS NULL ORDER BY t.name, t.repository_id LIMIT $3`;

export const findTagsByPrefix: Operation<Tags['findByPrefix']> = (connection) => {
  return async ({ prefix, limit }) => await connection.query<FoundTag>(text, [prefix, endOf(prefix), pageLimit(limit)]);
};
