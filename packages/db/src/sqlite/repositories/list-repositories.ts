import type { RepositoryName } from '@mcr/core';
import type { Repositories } from '../../facets/repositories.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

export const listRepositories: Operation<Repositories['list']> = ({ sqlite }) => {
  // Names alone, since a pattern is tried on all of them: an object for each row takes longer than to read it.
  const statement = sqlite
    .prepare<unknown[], RepositoryName>(
      'SELECT name FROM repositories WHERE deleted_at IS NULL AND name > ? ORDER BY name LIMIT ?',
    )
    .pluck();
  return ({ after = '', limit }) => statement.all(after, pageLimit(limit));
};
