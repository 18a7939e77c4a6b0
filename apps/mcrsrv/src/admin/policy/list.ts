import { builtinRulesOf, type Delegate, isRuleWithin, type PolicyRule, sortRules } from '@mcr/core';
import type { StoredPolicyRule } from '@mcr/db';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import type { ServiceContext } from '../../services/context.ts';
import { takeSlice } from '../../services/slice.ts';
import { delegateOf } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { type AskedPage, nextPageToken, unreadableCursor } from '../page.ts';
import { actionOf } from './delegated.ts';
import { shownRule } from './rule.ts';

const action = actionOf(PolicyService.method.listPolicyRules);

/**
 * One page of stored rules by priority, then id; the first one has the built-in rules as well. Delegates see the rules that lie
 * within their delegations.
 */
export const listPolicyRules = operation(PolicyService.method.listPolicyRules, async (services, { page, caller }) => {
  const { store, settings } = services;
  const { limit, after } = page;
  const from = after === undefined ? {} : { after: placeOf(page) };
  const delegate = await delegateOf(services, caller, action);
  const read = delegate
    ? await rulesWithin(services, delegate, from.after)
    : await store.policy.listRules({ ...from, limit: limit + 1 });
  const { items, more } = takeSlice(limit, read);
  const last = items.at(-1);
  return {
    rules: items.map(shownRule),
    nextPageToken: nextPageToken(more, last && `${last.priority} ${last.id}`),
    builtinRules: after === undefined ? builtinRulesOf(settings.policyDefault).map(shownRule) : [],
    policyDefault: settings.policyDefault,
  };
});

type Place = Pick<StoredPolicyRule, 'priority' | 'id'>;

/** All rules are in memory, and every request to the registry looks at them. */
async function rulesWithin(
  { policy }: ServiceContext,
  { scope }: Delegate,
  after: Place = { priority: 0, id: 0 },
): Promise<readonly PolicyRule[]> {
  const rules = sortRules((await policy.current()).all.filter(({ id }) => id > 0));
  const isBehind = ({ priority, id }: Place) =>
    priority > after.priority || (priority === after.priority && id > after.id);
  return rules.filter((rule) => isBehind(rule) && isRuleWithin(rule, scope));
}

/** The cursor holds the priority too: the rule itself may have moved since, or be gone. */
function placeOf({ after = '', parameter }: AskedPage): Place {
  const [, priority, id] = /^([1-9][0-9]{0,9}) ([1-9][0-9]{0,14})$/.exec(after) ?? [];
  if (id === undefined) throw unreadableCursor(parameter);
  return { priority: Number(priority), id: Number(id) };
}
