import type { Page, RepositoryOrder, RepositorySummary } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { takeVisible, type VisiblePage } from './visible.ts';

/** One page of repositories in numbers, those that the caller may pull from; `search` is a part of the name. */
export async function listRepositories(
  context: ServiceContext,
  caller: Caller,
  page: Page & { readonly search?: string; readonly order?: RepositoryOrder },
): Promise<VisiblePage<RepositorySummary>> {
  await authorize(context, caller, 'registry:catalog');
  const { search, order = 'name' } = page;
  const options = { order, ...(search !== undefined && { search }) };
  const read = (slice: Page) => context.store.listRepositorySummaries({ ...slice, ...options });
  return await takeVisible(context, caller, page, read, ({ name }) => name, cursors[order]);
}

const cursors: Readonly<Record<RepositoryOrder, (summary: RepositorySummary) => string>> = {
  name: ({ name }) => name,
  size: ({ name, totalSize }) => `${totalSize} ${name}`,
  last_push: ({ name, lastPushAt = 0 }) => `${lastPushAt} ${name}`,
};
