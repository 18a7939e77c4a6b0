import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { accountUnknown, requireLocalAccounts } from './require-local.ts';

/** Deletes a local account; what it pushed stays. Admin only. `NOT_FOUND`, `CONFLICT` for the last enabled admin. */
export async function deleteAccount(context: ServiceContext, caller: Caller, id: string): Promise<void> {
  await requireLocalAccounts(context, caller, 'delete account');
  const deleted = await context.store.deleteAccount({ id, actor: actorOf(caller), now: context.clock.now() });
  if (!deleted) throw accountUnknown(id);
}
