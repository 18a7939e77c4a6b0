import type { FoundTag, Tags } from '../../facets/tags.ts';
import { endOf, pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

export const findTagsByPrefix: Operation<Tags['findByPrefix']> = ({ sqlite }) => {
  const statement = sqlite.prepare<[string, string, number], FoundTag>(
    `SELECT r.name AS repository, t.name FROM tags t INDEXED BY tags_by_name CROSS JOIN repositories r ON r.id = t.repository_id
     WHERE t.name >= ? AND t.name < ? AND r.deleted_at IS NULL ORDER BY t.name, t.repository_id LIMIT ?`,
  );
  return ({ prefix, limit }) => statement.all(prefix, endOf(prefix), pageLimit(limit));
};
