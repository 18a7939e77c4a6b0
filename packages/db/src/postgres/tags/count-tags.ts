import type { Tags } from '../../facets/tags.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { requireRepository } from '../repositories/repository-ids.ts';
import { conditionsOf, conditionValues } from './tag-conditions.ts';

const { fits, manifestFits } = conditionsOf(['$2', '$3', '$4', '$5', '$6']);
const text = `SELECT count(*)::integer AS count FROM (
  SELECT 1 FROM tags t WHERE t.repository_id = $1 AND ${fits} AND ${manifestFits} LIMIT $7) matching`;

export const countTags: Operation<Tags['count']> = (connection) => {
  return async (repository, { limit, ...filter }) => {
    const length = pageLimit(limit);
    const repositoryId = await requireRepository(connection, repository);
    const [row] = await connection.query<{ count: number }>(text, [repositoryId, ...conditionValues(filter), length]);
    return row?.count ?? 0;
  };
};
