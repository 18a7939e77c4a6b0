import type { RepositoryName } from '@mcr/core';
import type { RepositoryUsage } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';

/** What a repository alone takes. `NAME_UNKNOWN`. */
export async function getRepositoryUsage(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
): Promise<RepositoryUsage> {
  await authorize(context, caller, 'registry:pull', repository);
  return await context.store.repositoryUsage(repository);
}
