import { actions, type PolicyRule, parseRepositoryName } from '@mcr/core';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { type Caller, isAdminCaller } from '../../services/caller.ts';
import { policyInput } from '../../services/policy/authorize.ts';
import { operation } from '../operation.ts';

/**
 * What the caller may do, everywhere or in one repository. What a stored rule says of itself is for admins: it may name
 * repositories that the caller cannot see. `NAME_INVALID`.
 */
export const listPermissions = operation(
  AuthService.method.listPermissions,
  async (services, { caller }, { repository = '' }) => {
    const name = repository === '' ? undefined : parseRepositoryName(repository);
    const policy = await services.policy.current();
    const permissions = actions.map((action) => {
      const { effect, rule } = policy.evaluate(policyInput(caller, action, name));
      return { action, allowed: effect === 'allow', rule: rule && words(rule, caller), ruleId: rule?.id };
    });
    return { permissions };
  },
);

function words({ id, description }: PolicyRule, caller: Caller): string {
  const isOpen = id < 0 || isAdminCaller(caller);
  return isOpen && description !== '' ? description : `Rule ${id}`;
}
