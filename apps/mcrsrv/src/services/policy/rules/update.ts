import type { PolicyRulePatch, StoredPolicyRule } from '@mcr/db';
import { requireAdmin } from '../../admin/require-admin.ts';
import { actorOf, type Caller } from '../../caller.ts';
import type { ServiceContext } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { ruleUnknown } from './get.ts';
import { rulePatch } from './rule-input.ts';

/** Changes a rule, in force at once. Admin only. `PARAMETER_INVALID`, `NOT_FOUND`. */
export async function updateRule(
  context: ServiceContext,
  caller: Caller,
  id: number,
  input: unknown,
): Promise<StoredPolicyRule> {
  await requireAdmin(context, caller, 'update policy rule');
  const { account_types: accountTypes, subject, ...rest } = parseInput(rulePatch, input);
  const fields = { ...rest, accountTypes, subject: subject === '' ? null : subject };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const patch = Object.fromEntries(given) as PolicyRulePatch;
  const rule = await context.store.updatePolicyRule({ id, patch, actor: actorOf(caller), now: context.clock.now() });
  if (rule === undefined) throw ruleUnknown(id);
  return rule;
}
