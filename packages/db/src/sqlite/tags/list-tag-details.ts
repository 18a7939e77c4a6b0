import { type Tag, timeSlices } from '@mcr/core';
import type { TagDetails, Tags } from '../../facets/tags.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { inChunks } from './in-slices.ts';
import { prepareListNewest } from './list-newest.ts';
import { loadedAtOnce, prepareLoadTags } from './load-tags.ts';
import { prepareFilterParameters } from './tag-conditions.ts';
import { type OrderOfTags, prepareTagsInOrder, type TagPlace } from './tags-in-order.ts';

/** Tags that are read at a time. */
const readSize = 100;

export const listTagDetails: Operation<Tags['listDetails']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const parametersOf = prepareFilterParameters(connection);
  const tagsIn = {
    name: prepareTagsInOrder(connection, 'name'),
    version: prepareTagsInOrder(connection, 'version'),
    updated: prepareTagsInOrder(connection, 'updated'),
  };
  const prepareTags = prepareLoadTags(connection);
  const listNewest = prepareListNewest(connection);
  return async (repository, { after = '', limit: asked, order = 'name', tagsPerImage, ...filter }) => {
    const limit = pageLimit(asked);
    const repositoryId = ids.require(repository);
    const parameters = parametersOf(repositoryId, filter);
    const tags = prepareTags(repositoryId);
    if (order === 'newest_version') return await listNewest({ parameters, after, limit, tagsPerImage, tags });
    const items: TagDetails[] = [];
    if (limit === 0) return items;
    const nextStep = timeSlices();
    const place = placeOf(order, after, filter.updatedBefore);
    const length = Math.min(limit, readSize);
    const rows = tagsIn[order]({ parameters, after: place, length, nextStep });
    for await (const chunk of inChunks(rows, () => Math.min(limit - items.length, loadedAtOnce))) {
      tags.prepare(chunk.map(({ manifestId }) => manifestId));
      items.push(...chunk.map(tags.load).filter((item) => item !== undefined));
      if (items.length === limit) break;
      await nextStep();
    }
    return items;
  };
};

/** The place that a cursor names; by time, the first that a filter leaves. */
function placeOf(order: OrderOfTags, cursor: string, updatedBefore: number | undefined): TagPlace | undefined {
  if (order !== 'updated') return cursor === '' ? undefined : { name: cursor as Tag, updatedAt: 0 };
  if (cursor === '') return updatedBefore === undefined ? undefined : { name: '' as Tag, updatedAt: updatedBefore };
  const [updatedAt = '', name = ''] = cursor.split(' ');
  return { name: name as Tag, updatedAt: Number(updatedAt) };
}
