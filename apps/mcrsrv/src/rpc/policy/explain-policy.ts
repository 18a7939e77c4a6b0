import type { Principal } from '@mcr/rpc/mcr/v1/common_pb';
import type { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { explainPolicy as verb } from '../../services/policy/explain.ts';
import { callerOf } from '../call.ts';
import { int64, nonEmpty } from '../convert.ts';
import { principalMessage, ruleMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const explainPolicy: Method<typeof PolicyService, 'explainPolicy'> =
  ({ services }) =>
  async ({ principal, action, repository }, context) => {
    const decision = await verb(services, callerOf(context), {
      ...(principal && { principal: principalInput(principal) }),
      action,
      repository,
    });
    return {
      effect: decision.effect,
      ...(decision.ruleId !== undefined && { ruleId: int64(decision.ruleId) }),
      ...(decision.rule && { rule: ruleMessage(decision.rule) }),
      matches: decision.matches.map(ruleMessage),
      principal: principalMessage(decision.principal),
    };
  };

/** A username alone stands for the account of that name; beside anything else, no roles means that there are none. */
function principalInput({ id, username, accountType, roles }: Principal): object {
  const isNameOnly = username !== '' && id === '' && accountType === '' && roles.length === 0;
  if (isNameOnly) return { username };
  return { id: nonEmpty(id), username: nonEmpty(username), account_type: nonEmpty(accountType), roles };
}
