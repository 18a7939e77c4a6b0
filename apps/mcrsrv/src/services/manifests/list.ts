import type { RepositoryName } from '@mcr/core';
import type { ManifestRecord, Page } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { type Slice, takeSlice } from '../slice.ts';

/** One page of a repository's manifests in order of digest, tagged or not. `NAME_UNKNOWN`. */
export async function listManifests(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  page: Page,
): Promise<Slice<ManifestRecord>> {
  await authorize(context, caller, 'registry:pull', repository);
  return takeSlice(page.limit, await context.store.listManifests(repository, { ...page, limit: page.limit + 1 }));
}
