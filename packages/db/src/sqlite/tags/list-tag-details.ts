import { type Tag, versionKey } from '@mcr/core';
import type { TagDetails, TagOrder, Tags } from '../../facets/tags.ts';
import { pageLimit, type Walk, walk } from '../../rows/pages.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { prepareListNewest } from './list-newest.ts';
import { prepareLoadTags, type TagRow, tagColumns } from './load-tags.ts';
import { compileTagFilter } from './tag-matches.ts';

/** Tags that are read at a time, and names that a search looks at. */
const [readSize, searchSize] = [100, 1_000];

/** Orders in which each tag stands for itself. */
type OrderOfTags = Exclude<TagOrder, 'newest_version'>;

/** What a page begins after. */
type Place = Pick<TagRow, 'name' | 'updatedAt'>;

export const listTagDetails: Operation<Tags['listDetails']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const read = prepareRead(connection);
  const prepareTags = prepareLoadTags(connection);
  const listNewest = prepareListNewest(connection);
  return async (repository, { after = '', limit, order = 'name', tagsPerImage, ...filter }) => {
    const repositoryId = ids.require(repository);
    const matches = compileTagFilter(filter);
    const load = prepareTags(repositoryId, filter);
    const isSearch = filter.search !== undefined || filter.match !== undefined || filter.updatedBefore !== undefined;
    if (order === 'newest_version') {
      const length = isSearch ? searchSize : Math.min(tagsPerImage ?? readSize, readSize);
      const ofTag = ({ name, updatedAt }: TagRow) => matches(name, updatedAt);
      return await listNewest({ repositoryId, after, limit, tagsPerImage, length, matches: ofTag, load });
    }
    const tags: Walk<TagRow | Place, TagDetails> = {
      read: (last, length) => read[order](repositoryId, last, length),
      matches: ({ name, updatedAt }) => matches(name, updatedAt),
      load: load as (row: TagRow | Place) => TagDetails | undefined,
      length: isSearch ? searchSize : Math.min(limit, readSize),
    };
    return await walk(tags, { after: placeOf(order, after, filter.updatedBefore), limit: pageLimit(limit) });
  };
};

/** The place that a cursor names; by time, the first that a filter leaves. */
function placeOf(order: OrderOfTags, cursor: string, updatedBefore: number | undefined): Place | undefined {
  if (order !== 'updated') return cursor === '' ? undefined : { name: cursor as Tag, updatedAt: 0 };
  if (cursor === '') return updatedBefore === undefined ? undefined : { name: '' as Tag, updatedAt: updatedBefore };
  const [updatedAt = '', name = ''] = cursor.split(' ');
  return { name: name as Tag, updatedAt: Number(updatedAt) };
}

function prepareRead({ sqlite }: Connection) {
  const select = (rest: string) =>
    sqlite.prepare<unknown[], TagRow>(`SELECT ${tagColumns} FROM tags WHERE repository_id = ? ${rest} LIMIT ?`);
  const byName = select('AND name > ? ORDER BY name');
  const byVersion = select('AND (version_key, name) > (?, ?) ORDER BY version_key, name');
  const newest = select('ORDER BY updated_at DESC, name DESC');
  const beforeThat = select('AND (updated_at, name) < (?, ?) ORDER BY updated_at DESC, name DESC');
  type Read = (repositoryId: number, last: Place | undefined, length: number) => TagRow[];
  return {
    name: (repositoryId, last, length) => byName.all(repositoryId, last?.name ?? '', length),
    version(repositoryId, last, length) {
      const name = last?.name ?? '';
      return byVersion.all(repositoryId, name === '' ? '' : versionKey(name), name, length);
    },
    updated: (repositoryId, last, length) =>
      last === undefined
        ? newest.all(repositoryId, length)
        : beforeThat.all(repositoryId, last.updatedAt, last.name, length),
  } satisfies Record<OrderOfTags, Read>;
}
