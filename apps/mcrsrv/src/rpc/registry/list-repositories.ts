import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { parseInput } from '../../services/parse-input.ts';
import { listRepositories as verb } from '../../services/repositories/list.ts';
import { repositorySearch } from '../../services/repositories/repository-search.ts';
import { callerOf } from '../call.ts';
import { repositoryMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, pageCursor, pageLimit } from '../page.ts';

export const listRepositories: Method<typeof RegistryService, 'listRepositories'> =
  ({ services }) =>
  async (request, context) => {
    const { search, sort } = parseInput(repositorySearch, request);
    const after = pageCursor(request);
    const { items, more, cursor } = await verb(services, callerOf(context), {
      limit: pageLimit(request),
      ...(after !== undefined && { after }),
      ...(search !== undefined && { search }),
      ...(sort !== undefined && { order: sort }),
    });
    return { repositories: items.map(repositoryMessage), nextPageToken: nextPageToken(more, cursor) };
  };
