import { builtinRules } from '@mcr/core';
import type { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { listRules } from '../../services/policy/rules/list.ts';
import { callerOf } from '../call.ts';
import { ruleMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, numericCursor, pageLimit } from '../page.ts';

export const listPolicyRules: Method<typeof PolicyService, 'listPolicyRules'> =
  ({ services }) =>
  async (request, context) => {
    const after = numericCursor(request);
    const page = { limit: pageLimit(request), ...(after !== undefined && { after }) };
    const { items, more } = await listRules(services, callerOf(context), page);
    return {
      rules: items.map(ruleMessage),
      nextPageToken: nextPageToken(more, items.at(-1)?.id),
      builtinRules: after === undefined ? builtinRules.map(ruleMessage) : [],
    };
  };
