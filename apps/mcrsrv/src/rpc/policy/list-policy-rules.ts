import { builtinRules } from '@mcr/core';
import type { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { listRules } from '../../services/policy/rules/list.ts';
import { callerOf } from '../call.ts';
import { ruleMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, pageOf } from '../page.ts';

export const listPolicyRules: Method<typeof PolicyService, 'listPolicyRules'> =
  ({ services }) =>
  async (request, context) => {
    const page = pageOf(request);
    const { items, more, next } = await listRules(services, callerOf(context), page);
    return {
      rules: items.map(ruleMessage),
      nextPageToken: nextPageToken(more, next),
      builtinRules: page.after === undefined ? builtinRules.map(ruleMessage) : [],
    };
  };
