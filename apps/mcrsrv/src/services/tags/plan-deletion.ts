import type { TagDeletion, TagDeletionPlan } from '@mcr/db';
import { requireAdmin } from '../admin/require-admin.ts';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/** What deleting tags would do. Admin only. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
export async function planTagDeletion(
  context: ServiceContext,
  caller: Caller,
  deletion: TagDeletion,
): Promise<TagDeletionPlan> {
  await requireAdmin(context, caller, 'delete tag');
  return await context.store.planTagDeletion(deletion);
}

/**
 * Deletes tags by a plan that still holds, else `CONFLICT`; `undefined` when this plan was carried out before. Admin
 * only. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`.
 */
export async function deleteTags(
  context: ServiceContext,
  caller: Caller,
  deletion: TagDeletion & { readonly plan: string },
): Promise<TagDeletionPlan | undefined> {
  await requireAdmin(context, caller, 'delete tag');
  const now = context.clock.now();
  const reviewAfter = now + context.settings.gracePeriod;
  return await context.store.deleteTags({ ...deletion, actor: actorOf(caller), now, reviewAfter });
}
