import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { changeBy } from '../call.ts';
import { delegateOf } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { actionOf, requireChange, ruleWithin } from './delegated.ts';
import { ruleUnknown } from './rule.ts';

const action = actionOf(PolicyService.method.deletePolicyRule);

/** Deletes a rule, out of force at once. `NOT_FOUND`; `DENIED` for one that a delegate may not change. */
export const deletePolicyRule = operation(PolicyService.method.deletePolicyRule, async (services, call, request) => {
  const id = Number(request.id);
  const { caller } = call;
  const delegate = await delegateOf(services, caller, action);
  const before = delegate && (await ruleWithin(services, caller, delegate, { action, id }));
  if (delegate) await requireChange(services, caller, delegate, { action, before });
  const deletion = { id, ...(before && { expected: before }), ...changeBy(services, call) };
  if (!(await services.store.policy.deleteRule(deletion))) throw ruleUnknown(id);
  return {};
});
