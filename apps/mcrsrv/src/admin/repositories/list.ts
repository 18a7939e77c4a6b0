import type { Page, RepositoryOrder, RepositorySummary } from '@mcr/db';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { authorizeList } from '../../services/policy/authorize.ts';
import { takeVisible } from '../../services/repositories/visible.ts';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';

/** Repositories in numbers, those that the caller may pull from. */
export const listRepositories = operation(
  RegistryService.method.listRepositories,
  async (services, { caller, page }, { search, sort }) => {
    await authorizeList(services, caller);
    const order = (sort ?? 'name') as RepositoryOrder;
    const options = { order, ...(search !== undefined && { search }) };
    const read = (slice: Page) => services.store.repositories.listSummaries({ ...slice, ...options });
    const found = await takeVisible(services, caller, page, read, ({ name }) => name, cursors[order]);
    return { repositories: found.items, nextPageToken: nextPageToken(found.more, found.cursor) };
  },
);

const cursors: Readonly<Record<RepositoryOrder, (summary: RepositorySummary) => string>> = {
  name: ({ name }) => name,
  size: ({ name, totalSize }) => `${totalSize} ${name}`,
  last_push: ({ name, lastPushAt = 0 }) => `${lastPushAt} ${name}`,
};
