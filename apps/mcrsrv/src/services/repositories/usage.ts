import type { RepositoryName } from '@mcr/core';
import type { RepositoryUsage } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize, seesEverything } from '../policy/authorize.ts';

/**
 * What a repository alone takes. For whoever may not see all others it is as if there were none: what it shares would
 * tell what they hold. `NAME_UNKNOWN`.
 */
export async function getRepositoryUsage(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
): Promise<RepositoryUsage> {
  await authorize(context, caller, 'registry:pull', repository);
  if (await seesEverything(context, caller)) return await context.store.repositoryUsage(repository);
  const { totalSize } = await context.store.getRepositorySummary(repository);
  return { uniqueSize: totalSize };
}
