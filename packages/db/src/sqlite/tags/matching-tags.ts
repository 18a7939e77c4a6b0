import { timeSlices } from '@mcr/core';
import { LRUCache } from 'lru-cache';
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
type MatchingTags = (parameters: FilterParameters, most: number) => Promise<readonly number[]>;

/** Results of at most a thousand tags each. */
const maxRemembered = 100;

const prepared = new WeakMap<Connection, MatchingTags>();

/** The same for all operations of a connection: a list of images asks what its count has asked, and so does each of its pages. */
export function prepareMatchingTags(connection: Connection): MatchingTags {
  const found = prepared.get(connection) ?? rememberMatching(connection, prepareWalk(connection));
  prepared.set(connection, found);
  return found;
}

function prepareWalk(connection: Connection): MatchingTags {
  const tags = prepareTagsInOrder<MatchingTag>(
    connection,
    'name',
    't.name, 0 AS updatedAt, t.manifest_id AS manifestId',
  );
  return async (parameters, most) => {
    const found: number[] = [];
    if (most === 0) return found;
    const nextStep = timeSlices();
    for await (const { manifestId } of tags({ parameters, after: undefined, length: most, nextStep })) {
      if (found.push(manifestId) === most) break;
    }
    return found;
  };
}

/** Walks only if something has changed since, as `remember` does, but between the slices of a walk something may change as well. */
function rememberMatching({ sqlite, generation }: Connection, walk: MatchingTags): MatchingTags {
  const remembered = new LRUCache<string, readonly number[]>({ max: maxRemembered });
  let seen: number | undefined;
  return async (parameters, most) => {
    // What a transaction under way has written may never become true.
    if (sqlite.inTransaction) return await walk(parameters, most);
    const current = generation();
    if (current !== seen) remembered.clear();
    seen = current;
    const key = JSON.stringify([most, parameters]);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const found = await walk(parameters, most);
    if (sqlite.open && !sqlite.inTransaction && generation() === current) remembered.set(key, found);
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
