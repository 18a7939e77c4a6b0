import type { RepositoryName } from '@mcr/core';
import type { Repositories } from '../../facets/repositories.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

const text = 'SELECT name FROM repositories WHERE deleted_at IS NULL AND name > $1 ORDER BY name LIMIT $2';

export const listRepositories: Operation<Repositories['list']> = (connection) => {
  return async ({ after = '', limit }) => {
    const rows = await connection.query<{ name: RepositoryName }>(text, [after, pageLimit(limit)]);
    return rows.map(({ name }) => name);
  };
};
