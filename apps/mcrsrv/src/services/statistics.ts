import type { StoreStatistics } from '@mcr/db';
import { requireAdmin } from './admin/require-admin.ts';
import type { Caller } from './caller.ts';
import type { ServiceContext } from './context.ts';

/** What is stored, in numbers. Admin only. */
export async function getStatistics(context: ServiceContext, caller: Caller): Promise<StoreStatistics> {
  await requireAdmin(context, caller, 'read statistics');
  return await context.store.statistics();
}
