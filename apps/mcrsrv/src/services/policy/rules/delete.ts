import { requireAdmin } from '../../admin/require-admin.ts';
import { actorOf, type Caller } from '../../caller.ts';
import type { ServiceContext } from '../../context.ts';
import { ruleUnknown } from './get.ts';

/** Deletes a rule, out of force at once. Admin only. `NOT_FOUND`. */
export async function deleteRule(context: ServiceContext, caller: Caller, id: number): Promise<void> {
  await requireAdmin(context, caller, 'delete policy rule');
  const deleted = await context.store.deletePolicyRule({ id, actor: actorOf(caller), now: context.clock.now() });
  if (!deleted) throw ruleUnknown(id);
}
