import type { StoredPolicyRule } from '@mcr/db';
import { requireAdmin } from '../../admin/require-admin.ts';
import { actorOf, type Caller } from '../../caller.ts';
import type { ServiceContext } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { checkRule } from './check-rule.ts';
import { ruleInput } from './rule-input.ts';

/** Creates a rule, in force at once. Admin only. `PARAMETER_INVALID`, also for a rule that no request can match. */
export async function createRule(context: ServiceContext, caller: Caller, input: unknown): Promise<StoredPolicyRule> {
  await requireAdmin(context, caller, 'create policy rule');
  const { account_types: accountTypes, subject, ...rule } = parseInput(ruleInput, input);
  checkRule(context, rule);
  return await context.store.createPolicyRule({
    rule: { ...rule, accountTypes, ...(subject && { subject }) },
    actor: actorOf(caller),
    now: context.clock.now(),
  });
}
