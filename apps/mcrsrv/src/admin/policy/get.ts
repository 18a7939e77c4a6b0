import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { operation } from '../operation.ts';
import { ruleUnknown, shownRule } from './rule.ts';

/** One stored rule. `NOT_FOUND`. */
export const getPolicyRule = operation(PolicyService.method.getPolicyRule, async ({ store }, _call, request) => {
  const id = Number(request.id);
  const rule = await store.policy.getRule(id);
  if (rule === undefined) throw ruleUnknown(id);
  return { rule: shownRule(rule) };
});
