import type { RepositoryName, Tag } from '@mcr/core';
import { requireAdmin } from '../admin/require-admin.ts';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/** Deletes a tag and keeps its manifest. Admin only. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
export async function deleteTag(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  tag: Tag,
): Promise<void> {
  await requireAdmin(context, caller, 'delete tag');
  const now = context.clock.now();
  const reviewAfter = now + context.settings.gracePeriod;
  await context.store.deleteTag({ repository, tag, reviewAfter, actor: actorOf(caller), now });
}
