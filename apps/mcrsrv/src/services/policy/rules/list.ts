import { RegistryError } from '@mcr/core';
import type { Page, StoredPolicyRule } from '@mcr/db';
import { requireAdmin } from '../../admin/require-admin.ts';
import type { Caller } from '../../caller.ts';
import type { ServiceContext } from '../../context.ts';
import { type Slice, takeSlice } from '../../slice.ts';

/** A page of rules, and the cursor at which the next one begins. */
export interface RulePage extends Slice<StoredPolicyRule> {
  readonly next: string | undefined;
}

/** One page of stored rules by priority, then id. Admin only. `PARAMETER_INVALID` for a cursor that is none. */
export async function listRules(context: ServiceContext, caller: Caller, page: Page): Promise<RulePage> {
  await requireAdmin(context, caller, 'read policy rules');
  const after = page.after === undefined ? {} : { after: placeOf(page.after) };
  const slice = takeSlice(page.limit, await context.store.listPolicyRules({ ...after, limit: page.limit + 1 }));
  const last = slice.items.at(-1);
  return { ...slice, next: slice.more && last !== undefined ? `${last.priority} ${last.id}` : undefined };
}

/** The cursor holds the priority too: the rule itself may have moved since, or be gone. */
function placeOf(cursor: string): Pick<StoredPolicyRule, 'priority' | 'id'> {
  const [, priority, id] = /^([1-9][0-9]{0,9}) ([1-9][0-9]{0,14})$/.exec(cursor) ?? [];
  if (id !== undefined) return { priority: Number(priority), id: Number(id) };
  throw new RegistryError('PARAMETER_INVALID', 'This is no page of the policy rules; start from the first one');
}
