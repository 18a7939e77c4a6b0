import { timeSlices } from '@mcr/core';
import type { Tags } from '../../facets/tags.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { type FilterParameters, prepareFilterParameters } from './tag-conditions.ts';
import { prepareTagsInOrder, type TagPlace } from './tags-in-order.ts';

interface MatchingTag extends TagPlace {
  readonly manifestId: number;
}

/** Finds the manifests of the tags that match, one for each tag, at most so many: whether there are more, one more would tell. */
export function prepareMatchingTags(connection: Connection) {
  const tags = prepareTagsInOrder<MatchingTag>(
    connection,
    'name',
    't.name, 0 AS updatedAt, t.manifest_id AS manifestId',
  );
  return async (parameters: FilterParameters, most: number): Promise<number[]> => {
    const found: number[] = [];
    if (most === 0) return found;
    const nextStep = timeSlices();
    for await (const { manifestId } of tags({ parameters, after: undefined, length: most, nextStep })) {
      if (found.push(manifestId) === most) break;
    }
    return found;
  };
}

export const countTags: Operation<Tags['count']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const parametersOf = prepareFilterParameters(connection);
  const matching = prepareMatchingTags(connection);
  return async (repository, { limit, ...filter }) =>
    (await matching(parametersOf(ids.require(repository), filter), pageLimit(limit))).length;
};
