import { isRuleWithin, RegistryError } from '@mcr/core';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';
import { isLeftBehind, shownDelegation } from './delegate.ts';

/** Takes a delegation away, and names the rules that stay behind, which only admins change now. `NOT_FOUND`. */
export const deleteDelegation = operation(PolicyService.method.deleteDelegation, async (services, call, { id }) => {
  const { delegations } = services.store;
  const revoked = await delegations.revoke({ id, ...changeBy(services, call) });
  if (revoked === undefined) {
    throw new RegistryError('NOT_FOUND', 'There is no such delegation', { detail: { id: id.slice(0, 64) } });
  }
  const rest = (await delegations.listOf(revoked.accountId)).map(({ pattern }) => pattern);
  const rules = (await services.policy.current()).all.filter((rule) =>
    isLeftBehind(rule, revoked.accountId, (one) => isRuleWithin(one, rest)),
  );
  return { delegation: shownDelegation(revoked), ruleIds: rules.map((rule) => rule.id) };
});
