import type { RepositoryName } from '@mcr/core';
import { requireAdmin } from '../admin/require-admin.ts';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/**
 * Deletes a repository with its manifests and tags, at once for everyone; rows of a large one are removed afterwards, bytes
 * by a later collection. Admin only. `NAME_UNKNOWN`.
 */
export async function deleteRepository(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
): Promise<void> {
  await requireAdmin(context, caller, 'delete repository');
  const now = context.clock.now();
  const reviewAfter = now + context.settings.gracePeriod;
  await context.store.deleteRepository({ repository, reviewAfter, actor: actorOf(caller), now });
  void context.remover.run();
}
