import { parseRepositoryName } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { listTagRecords } from '../../services/tags/list-records.ts';
import { callerOf } from '../call.ts';
import { tagMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, pageOf } from '../page.ts';

export const listTags: Method<typeof RegistryService, 'listTags'> =
  ({ services }) =>
  async (request, context) => {
    const repository = parseRepositoryName(request.repository);
    const { items, more } = await listTagRecords(services, callerOf(context), repository, pageOf(request));
    return { tags: items.map(tagMessage), nextPageToken: nextPageToken(more, items.at(-1)?.name) };
  };
