import { isRuleWithin } from '@mcr/core';
import type { Delegation, PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import type { Context } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { asCaller } from '../../http/session.ts';
import { allPages } from '../../registry/all-pages.ts';

/** What becomes of a delegation that is taken away. */
export interface Revocation {
  readonly delegation: Delegation;
  /** Patterns of the account's other delegations. */
  readonly others: readonly string[];
  /** Rules that the account has written and that only admins can change afterwards. */
  readonly rules: readonly PolicyRule[];
}

/** Finds a delegation and the rules that it leaves behind; `undefined` if it does not exist. The API has lists alone. */
export async function findRevocation(
  registry: WebContext['registry'],
  c: Context<AppEnv>,
): Promise<Revocation | undefined> {
  const caller = asCaller(c);
  const allDelegations = allPages(async (pageToken) => {
    const page = await registry.policy.listDelegations({ all: true, pageSize: 1_000, pageToken }, caller);
    return [page.delegations, page.nextPageToken];
  });
  const delegations: Delegation[] = [];
  for await (const one of allDelegations) delegations.push(one);
  const delegation = delegations.find(({ id }) => id === c.req.param('id'));
  if (delegation === undefined) return undefined;
  const { accountId, id } = delegation;
  const others = delegations.filter((one) => one.accountId === accountId && one.id !== id).map((one) => one.pattern);
  const allRules = allPages(async (pageToken) => {
    const page = await registry.policy.listPolicyRules({ pageSize: 1_000, pageToken }, caller);
    return [page.rules, page.nextPageToken];
  });
  const rules: PolicyRule[] = [];
  for await (const rule of allRules) if (isLeftBehind(rule, delegation, others)) rules.push(rule);
  return { delegation, others, rules };
}

/** Rules that an earlier revocation has left behind do not lie within this delegation. */
function isLeftBehind(rule: PolicyRule, { accountId, pattern }: Delegation, others: readonly string[]): boolean {
  if (!rule.delegated || rule.createdBy !== accountId) return false;
  return isRuleWithin(rule, [...others, pattern]) && !isRuleWithin(rule, others);
}
