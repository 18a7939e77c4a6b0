import { builtinRulesOf } from '@mcr/core';
import type { StoredPolicyRule } from '@mcr/db';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { takeSlice } from '../../services/slice.ts';
import { operation } from '../operation.ts';
import { type AskedPage, nextPageToken, unreadableCursor } from '../page.ts';
import { shownRule } from './rule.ts';

/** One page of stored rules by priority, then id; the first one has the built-in rules as well. */
export const listPolicyRules = operation(
  PolicyService.method.listPolicyRules,
  async ({ store, settings }, { page }) => {
    const { limit, after } = page;
    const from = after === undefined ? {} : { after: placeOf(page) };
    const { items, more } = takeSlice(limit, await store.policy.listRules({ ...from, limit: limit + 1 }));
    const last = items.at(-1);
    return {
      rules: items.map(shownRule),
      nextPageToken: nextPageToken(more, last && `${last.priority} ${last.id}`),
      builtinRules: after === undefined ? builtinRulesOf(settings.policyDefault).map(shownRule) : [],
      policyDefault: settings.policyDefault,
    };
  },
);

/** The cursor holds the priority too: the rule itself may have moved since, or be gone. */
function placeOf({ after = '', parameter }: AskedPage): Pick<StoredPolicyRule, 'priority' | 'id'> {
  const [, priority, id] = /^([1-9][0-9]{0,9}) ([1-9][0-9]{0,14})$/.exec(after) ?? [];
  if (id === undefined) throw unreadableCursor(parameter);
  return { priority: Number(priority), id: Number(id) };
}
