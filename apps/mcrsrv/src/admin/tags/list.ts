import { parseRepositoryName, type RepositoryName } from '@mcr/core';
import type { TagDetails, TagOrder } from '@mcr/db';
import { RegistryService, type Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import type { ServiceContext } from '../../services/context.ts';
import { platformsOf } from '../../services/manifests/listed.ts';
import { mapSome } from '../../services/map-some.ts';
import { authorize } from '../../services/policy/authorize.ts';
import { takeSlice } from '../../services/slice.ts';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';
import type { Plain } from '../plain.ts';

/** One page of tags with what they point to, in as much detail as is asked for. `NAME_UNKNOWN`. */
export const listTags = operation(
  RegistryService.method.listTags,
  async (services, { caller, page }, { repository: name, search, sort, details }) => {
    const repository = parseRepositoryName(name);
    await authorize(services, caller, 'registry:pull', repository);
    const oneMore = { ...page, limit: page.limit + 1 };
    if (!details && search === undefined && sort !== 'updated') {
      const order = sort as 'name' | 'version' | undefined;
      const read = await services.store.tags.listRecords(repository, {
        ...oneMore,
        ...(order !== undefined && { order }),
      });
      const tags = takeSlice(page.limit, read);
      return { tags: tags.items, nextPageToken: nextPageToken(tags.more, tags.items.at(-1)?.name) };
    }
    const order = (sort ?? 'name') as TagOrder;
    const query = { ...oneMore, order, ...(search !== undefined && { search }) };
    const { items, more } = takeSlice(page.limit, await services.store.tags.listDetails(repository, query));
    const tags = await mapSome(items, (tag) => detailed(services, repository, tag));
    return { tags, nextPageToken: nextPageToken(more, cursorOf(items.at(-1), order)) };
  },
);

async function detailed(services: ServiceContext, repository: RepositoryName, found: TagDetails): Promise<Plain<Tag>> {
  const { content: _, platforms: __, artifactType, totalSize, ...tag } = found;
  return { ...tag, details: { artifactType, totalSize, platforms: await platformsOf(services, repository, found) } };
}

function cursorOf(last: TagDetails | undefined, order: TagOrder): string | undefined {
  if (last === undefined) return undefined;
  return order === 'updated' ? `${last.updatedAt} ${last.name}` : last.name;
}
