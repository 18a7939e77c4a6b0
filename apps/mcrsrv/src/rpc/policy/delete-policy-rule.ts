import type { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { deleteRule } from '../../services/policy/rules/delete.ts';
import { callerOf } from '../call.ts';
import { ruleId } from '../convert.ts';
import type { Method } from '../method.ts';

export const deletePolicyRule: Method<typeof PolicyService, 'deletePolicyRule'> =
  ({ services }) =>
  async ({ id }, context) => {
    await deleteRule(services, callerOf(context), ruleId(id));
    return {};
  };
