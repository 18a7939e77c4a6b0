import { requireAdmin } from './admin/require-admin.ts';
import type { Caller } from './caller.ts';
import type { ServiceContext } from './context.ts';

/** Bytes that would be stored if repositories shared none. Admin only. */
export async function getReferencedBytes(context: ServiceContext, caller: Caller): Promise<number> {
  await requireAdmin(context, caller, 'read statistics');
  return await context.store.referencedBytes();
}
