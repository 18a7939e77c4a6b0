import type { GcRun } from '@mcr/db';
import { requireAdmin } from '../admin/require-admin.ts';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/** Starts a garbage collection and returns at once. Admin only. `CONFLICT` while one is running. */
export async function triggerGc(
  context: ServiceContext,
  caller: Caller,
  options: { readonly reconcile: boolean },
): Promise<GcRun> {
  await requireAdmin(context, caller, 'run garbage collection');
  return await context.collector.start({ ...options, trigger: 'api', actor: actorOf(caller) });
}
