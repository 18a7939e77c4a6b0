import type { RepositoryName } from '@mcr/core';
import type { Page, TagRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { type Slice, takeSlice } from '../slice.ts';

/** One page of tags with what they point to. `NAME_UNKNOWN`. */
export async function listTagRecords(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  page: Page & { readonly order?: 'name' | 'version' },
): Promise<Slice<TagRecord>> {
  await authorize(context, caller, 'registry:pull', repository);
  return takeSlice(page.limit, await context.store.listTagRecords(repository, { ...page, limit: page.limit + 1 }));
}
