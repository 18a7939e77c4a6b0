import type { RepositoryName } from '@mcr/core';
import type { Page } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { takeVisible, type VisiblePage } from './visible.ts';

/** One page of the names of the repositories that the caller may pull from, in bytewise order. */
export async function listCatalog(
  context: ServiceContext,
  caller: Caller,
  page: Page,
): Promise<VisiblePage<RepositoryName>> {
  await authorize(context, caller, 'registry:catalog');
  return await takeVisible(
    context,
    caller,
    page,
    (slice) => context.store.repositories.list(slice),
    (name) => name,
  );
}
