import { parseRepositoryName } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { parseInput } from '../../services/parse-input.ts';
import { listTagDetails } from '../../services/tags/list-details.ts';
import { listTagRecords } from '../../services/tags/list-records.ts';
import { tagSearch } from '../../services/tags/tag-search.ts';
import { callerOf } from '../call.ts';
import { tagListingMessage, tagMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, pageOf } from '../page.ts';

export const listTags: Method<typeof RegistryService, 'listTags'> =
  ({ services }) =>
  async (request, context) => {
    const repository = parseRepositoryName(request.repository);
    const { search, sort } = parseInput(tagSearch, request);
    const caller = callerOf(context);
    const page = pageOf(request);
    if (!request.details && search === undefined && sort !== 'updated') {
      const records = { ...page, ...(sort !== undefined && { order: sort }) };
      const { items, more } = await listTagRecords(services, caller, repository, records);
      return { tags: items.map(tagMessage), nextPageToken: nextPageToken(more, items.at(-1)?.name) };
    }
    const { items, more, cursor } = await listTagDetails(services, caller, repository, {
      ...page,
      ...(search !== undefined && { search }),
      ...(sort !== undefined && { order: sort }),
    });
    return { tags: items.map(tagListingMessage), nextPageToken: nextPageToken(more, cursor) };
  };
