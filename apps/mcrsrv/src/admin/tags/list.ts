import { parseRepositoryName, type RepositoryName } from '@mcr/core';
import type { TagDetails, TagFilter, TagOrder } from '@mcr/db';
import { type ListTagsRequest, RegistryService, type Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import type { ServiceContext } from '../../services/context.ts';
import { platformsOf } from '../../services/manifests/listed.ts';
import { mapSome } from '../../services/map-some.ts';
import { authorize } from '../../services/policy/authorize.ts';
import { takeSlice } from '../../services/slice.ts';
import { nameless, seesPullers } from '../manifests/nameless.ts';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';
import { milliseconds, type Plain } from '../plain.ts';

/** Orders that need nothing of the manifests. */
const byTag = { name: true, version: true };
/** Tags that are counted: as many as one deletion may have. */
const maxCounted = 1_000;

/** One page of tags with what they point to, in as much detail as is asked for. `NAME_UNKNOWN`. */
export const listTags = operation(RegistryService.method.listTags, async (services, { caller, page }, request) => {
  const { sort, details, tagsPerImage } = request;
  const repository = parseRepositoryName(request.repository);
  const filter = filterOf(request);
  await authorize(services, caller, 'registry:pull', repository);
  const counted = request.countMatches ? { matches: await countMatches(services, repository, filter) } : {};
  if (counted.matches?.count === 0) return { ...counted, tags: [], nextPageToken: '' };
  const oneMore = { ...page, limit: page.limit + 1 };
  if (!details && Object.keys(filter).length === 0 && (sort ?? 'name') in byTag) {
    const order = sort as keyof typeof byTag | undefined;
    const read = await services.store.tags.listRecords(repository, {
      ...oneMore,
      ...(order !== undefined && { order }),
    });
    const tags = takeSlice(page.limit, read);
    return { ...counted, tags: tags.items, nextPageToken: nextPageToken(tags.more, tags.items.at(-1)?.name) };
  }
  const order = (sort ?? 'name') as TagOrder;
  const images = order === 'newest_version' && tagsPerImage !== undefined ? { tagsPerImage } : {};
  const found = await services.store.tags.listDetails(repository, { ...oneMore, order, ...images, ...filter });
  const { items, more } = 'tagsPerImage' in images ? takeImages(page.limit, found) : takeSlice(page.limit, found);
  const isNamed = await seesPullers(services, caller, repository);
  const tags = await mapSome(items, (tag) => detailed(services, repository, isNamed ? tag : nameless(tag)));
  return {
    ...counted,
    tags,
    nextPageToken: nextPageToken(more, cursorOf(items.at(-1), order, 'tagsPerImage' in images)),
  };
});

function filterOf({ search, match = '', updatedBefore, platform = '', signed }: ListTagsRequest): TagFilter {
  return {
    ...(search !== undefined && { search }),
    ...(match !== '' && { match }),
    ...(updatedBefore !== undefined && { updatedBefore: milliseconds(updatedBefore) }),
    ...(platform !== '' && { platform }),
    ...(signed !== undefined && { signed }),
  };
}

async function countMatches({ store }: ServiceContext, repository: RepositoryName, filter: TagFilter) {
  const count = await store.tags.count(repository, { ...filter, limit: maxCounted + 1 });
  return { count: Math.min(count, maxCounted), hasMore: count > maxCounted };
}

async function detailed(services: ServiceContext, repository: RepositoryName, found: TagDetails): Promise<Plain<Tag>> {
  const { content: _, newestTag: __, name, digest, mediaType, size, updatedAt, ...details } = found;
  const platforms = await platformsOf(services, repository, found);
  return { name, digest, mediaType, size, updatedAt, details: { ...details, platforms } };
}

/** The tags of the first images, and whether there are more. */
function takeImages(limit: number, tags: readonly TagDetails[]) {
  const images = new Set<string>();
  const end = tags.findIndex(({ digest }) => images.add(digest).size > limit);
  return { items: end === -1 ? tags : tags.slice(0, end), more: end !== -1 };
}

function cursorOf(last: TagDetails | undefined, order: TagOrder, isByImage: boolean): string | undefined {
  if (last === undefined) return undefined;
  const { newestTag = last.name } = last;
  if (order === 'newest_version') return isByImage ? newestTag : `${newestTag} ${last.name}`;
  return order === 'updated' ? `${last.updatedAt} ${last.name}` : last.name;
}
