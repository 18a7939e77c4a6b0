import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { delegateOf } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { actionOf, ruleWithin } from './delegated.ts';
import { ruleUnknown, shownRule } from './rule.ts';

const action = actionOf(PolicyService.method.getPolicyRule);

/** One stored rule. `NOT_FOUND`; `DENIED` for one that a delegate does not see. */
export const getPolicyRule = operation(PolicyService.method.getPolicyRule, async (services, { caller }, request) => {
  const id = Number(request.id);
  const delegate = await delegateOf(services, caller, action);
  if (delegate) return { rule: shownRule(await ruleWithin(services, caller, delegate, { action, id })) };
  const rule = await services.store.policy.getRule(id);
  if (rule === undefined) throw ruleUnknown(id);
  return { rule: shownRule(rule) };
});
