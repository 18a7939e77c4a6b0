import type { Page, RepositorySummary } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { takeVisible, type VisiblePage } from './visible.ts';

/** One page of repositories in numbers, those that the caller may pull from; `search` is a part of the name. */
export async function listRepositories(
  context: ServiceContext,
  caller: Caller,
  page: Page & { readonly search?: string },
): Promise<VisiblePage<RepositorySummary>> {
  await authorize(context, caller, 'registry:catalog');
  const search = page.search === undefined ? {} : { search: page.search };
  const read = (slice: Page) => context.store.listRepositorySummaries({ ...slice, ...search });
  return await takeVisible(context, caller, page, read, ({ name }) => name);
}
