import type { RepositoryName, Tag } from '@mcr/core';
import type { Page } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { type Slice, takeSlice } from '../slice.ts';

/** One page of a repository's tags in bytewise order (distribution-spec, end-8). `NAME_UNKNOWN`. */
export async function listTags(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  page: Page,
): Promise<Slice<Tag>> {
  await authorize(context, caller, 'registry:pull', repository);
  return takeSlice(page.limit, await context.store.tags.list(repository, { ...page, limit: page.limit + 1 }));
}
