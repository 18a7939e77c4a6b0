import { RegistryError } from '@mcr/core';
import type { StoredPolicyRule } from '@mcr/db';
import { requireAdmin } from '../../admin/require-admin.ts';
import type { Caller } from '../../caller.ts';
import type { ServiceContext } from '../../context.ts';

/** One stored rule. Admin only. `NOT_FOUND`. */
export async function getRule(context: ServiceContext, caller: Caller, id: number): Promise<StoredPolicyRule> {
  await requireAdmin(context, caller, 'read policy rules');
  const rule = await context.store.getPolicyRule(id);
  if (rule === undefined) throw ruleUnknown(id);
  return rule;
}

/** The refusal for a rule that is not stored; the built-in rules are not. */
export function ruleUnknown(id: number): RegistryError {
  return new RegistryError('NOT_FOUND', `There is no policy rule ${id}`, { detail: { id } });
}
