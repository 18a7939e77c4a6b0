import type { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { createRule } from '../../services/policy/rules/create.ts';
import { callerOf } from '../call.ts';
import { ruleMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const createPolicyRule: Method<typeof PolicyService, 'createPolicyRule'> =
  ({ services }) =>
  async (request, context) => {
    const rule = await createRule(services, callerOf(context), {
      priority: request.priority,
      description: request.description,
      effect: request.effect,
      roles: request.roles,
      account_types: request.accountTypes,
      subject: request.subject,
      actions: request.actions,
      repositories: request.repositories,
      enabled: request.enabled,
    });
    return { rule: ruleMessage(rule) };
  };
