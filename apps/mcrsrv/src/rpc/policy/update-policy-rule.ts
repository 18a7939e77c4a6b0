import type { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { updateRule } from '../../services/policy/rules/update.ts';
import { callerOf } from '../call.ts';
import { ruleId } from '../convert.ts';
import { ruleMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const updatePolicyRule: Method<typeof PolicyService, 'updatePolicyRule'> =
  ({ services }) =>
  async (request, context) => {
    const rule = await updateRule(services, callerOf(context), ruleId(request.id), {
      priority: request.priority,
      description: request.description,
      effect: request.effect,
      roles: request.roles?.values,
      account_types: request.accountTypes?.values,
      subject: request.subject,
      actions: request.actions?.values,
      repositories: request.repositories?.values,
      enabled: request.enabled,
    });
    return { rule: ruleMessage(rule) };
  };
