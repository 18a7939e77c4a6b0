import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';
import { ruleUnknown } from './rule.ts';

/** Deletes a rule, out of force at once. `NOT_FOUND`. */
export const deletePolicyRule = operation(PolicyService.method.deletePolicyRule, async (services, call, request) => {
  const id = Number(request.id);
  if (!(await services.store.policy.deleteRule({ id, ...changeBy(services, call) }))) throw ruleUnknown(id);
  return {};
});
