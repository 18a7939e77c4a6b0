import type { RepositoryName } from '@mcr/core';
import type { RepositorySummary } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';

/** A repository in numbers. `NAME_UNKNOWN`. */
export async function getRepository(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
): Promise<RepositorySummary> {
  await authorize(context, caller, 'registry:pull', repository);
  return await context.store.getRepositorySummary(repository);
}
