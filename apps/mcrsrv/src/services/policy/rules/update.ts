import type { PolicyRulePatch, StoredPolicyRule } from '@mcr/db';
import { requireAdmin } from '../../admin/require-admin.ts';
import { actorOf, type Caller } from '../../caller.ts';
import type { ServiceContext } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { checkRule } from './check-rule.ts';
import { ruleUnknown } from './get.ts';
import { rulePatch } from './rule-input.ts';

/**
 * Changes a rule, in force at once. Admin only. `NOT_FOUND`, `PARAMETER_INVALID`, also for a rule that no request can match;
 * what is wrong with a stored rule keeps no one from disabling it.
 */
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
  await checkChange(context, id, patch);
  const rule = await context.store.updatePolicyRule({ id, patch, actor: actorOf(caller), now: context.clock.now() });
  if (rule === undefined) throw ruleUnknown(id);
  return rule;
}

/** What is left out of the patch counts too where it bears on what is in it. */
async function checkChange(context: ServiceContext, id: number, { roles, ...patch }: PolicyRulePatch): Promise<void> {
  const touchesScope = patch.actions !== undefined || patch.repositories !== undefined;
  const before = touchesScope ? await context.store.getPolicyRule(id) : undefined;
  const { actions, repositories } = { ...before, ...patch };
  checkRule(context, touchesScope ? { roles, actions, repositories } : { roles });
}
