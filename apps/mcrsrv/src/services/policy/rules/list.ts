import type { StoredPolicyRule } from '@mcr/db';
import { requireAdmin } from '../../admin/require-admin.ts';
import type { Caller } from '../../caller.ts';
import type { ServiceContext } from '../../context.ts';
import { type Slice, takeSlice } from '../../slice.ts';

/** One page of stored rules by priority, then id. Admin only. */
export async function listRules(
  context: ServiceContext,
  caller: Caller,
  page: { readonly after?: number; readonly limit: number },
): Promise<Slice<StoredPolicyRule>> {
  await requireAdmin(context, caller, 'read policy rules');
  return takeSlice(page.limit, await context.store.listPolicyRules({ ...page, limit: page.limit + 1 }));
}
