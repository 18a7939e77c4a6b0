import type { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { getRule } from '../../services/policy/rules/get.ts';
import { callerOf } from '../call.ts';
import { ruleId } from '../convert.ts';
import { ruleMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const getPolicyRule: Method<typeof PolicyService, 'getPolicyRule'> =
  ({ services }) =>
  async ({ id }, context) => ({ rule: ruleMessage(await getRule(services, callerOf(context), ruleId(id))) });
