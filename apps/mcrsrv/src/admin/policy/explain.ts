import {
  type AccountType,
  type Action,
  guest,
  isRuleWithin,
  liesWithin,
  type PolicyRule,
  type Principal,
  parseRepositoryName,
  RegistryError,
} from '@mcr/core';
import type { Principal as Asked } from '@mcr/rpc/mcr/v1/common_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { type Caller, isAdminCaller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { scopeOf } from '../../services/delegates.ts';
import { findPrincipal } from '../../services/identity/find-principal.ts';
import { requireRole } from '../access.ts';
import { operation } from '../operation.ts';
import { shownRule } from './rule.ts';

/**
 * What policy decides and by which rules, found by the same evaluation as for real requests. Every account may ask about
 * itself, and learns the decision and the id of the rule; the rules, which name repositories and accounts of others, and
 * questions about others are for admins, and for delegates about repositories within their delegations, with the rules that lie
 * within. `NOT_FOUND` for an unknown username.
 */
export const explainPolicy = operation(PolicyService.method.explainPolicy, async (services, { caller }, request) => {
  const action = request.action as Action;
  const repository = request.repository === undefined ? {} : { repository: parseRepositoryName(request.repository) };
  const scope = isAdminCaller(caller) ? [] : await scopeOf(services, caller);
  const isDelegated = repository.repository !== undefined && liesWithin(repository.repository, scope);
  const principal = await principalOf(services, caller, request.principal, isDelegated);
  const { id: subject, ...asked } = principal;
  const policy = await services.policy.current();
  const limits = principal === caller.principal && caller.grant !== undefined ? { limits: caller.grant } : {};
  const input = { subject, ...asked, action, ...repository, ...limits };
  const decided = policy.evaluate(input);
  const { effect, rule, matches } = decided;
  const shown = isDelegated && principal !== caller.principal ? asAsked(principal, request.principal) : principal;
  const decision = { effect, ruleId: rule?.id, principal: shown, policyDefault: services.settings.policyDefault };
  if (!isAdminCaller(caller) && !isDelegated) return { ...decision, matches: [], nearMisses: [] };
  const isShown = (one: PolicyRule) => isAdminCaller(caller) || one.id < 0 || isRuleWithin(one, scope);
  const near = policy.nearMisses(input, decided, isShown);
  return {
    ...decision,
    rule: rule && isShown(rule) ? shownRule(rule) : undefined,
    matches: matches.filter(isShown).map(shownRule),
    nearMisses: near.map((one) => ({ ...one, rule: shownRule(one.rule) })),
  };
});

/** What a delegate has said of an account; ids and roles of others are for admins. */
function asAsked({ username, accountType }: Principal, asked: Asked | undefined): Principal {
  return { id: asked?.id ?? '', username, accountType, roles: asked?.roles ?? [] };
}

async function principalOf(
  services: ServiceContext,
  caller: Caller,
  asked: Asked | undefined,
  isDelegated: boolean,
): Promise<Principal> {
  if (asked === undefined) return caller.principal;
  if (!isAdminCaller(caller) && isSame(caller.principal, asked)) return caller.principal;
  if (!isDelegated) await requireRole(services, caller, { role: 'admin', action: 'explain policy' });
  return await resolve(services, asked);
}

/** Whether what is said of an account names this one, and says nothing else of it than is true. */
function isSame(own: Principal, { id, username, accountType, roles }: Asked): boolean {
  if (id === '' && username === '') return false;
  return (
    (id === '' || id.toLowerCase() === own.id.toLowerCase()) &&
    (username === '' || username === own.username) &&
    (accountType === '' || accountType === own.accountType) &&
    (roles.length === 0 || (roles.length === own.roles.length && roles.every((role) => own.roles.includes(role))))
  );
}

/**
 * The type `anonymous` stands for guests, whatever else is said. A username alone stands for the account of that name; beside
 * anything else, no roles means that there are none.
 */
async function resolve(services: ServiceContext, { id, username, accountType, roles }: Asked): Promise<Principal> {
  if (accountType === guest.accountType) return guest;
  const known = username === '' ? undefined : await findPrincipal(services, username);
  const isNameOnly = username !== '' && id === '' && accountType === '' && roles.length === 0;
  if (known === undefined && isNameOnly) {
    throw new RegistryError('NOT_FOUND', 'There is no such local account; describe it by account_type and roles', {
      detail: { username },
    });
  }
  return {
    id: id || (known?.id ?? ''),
    username: username || (known?.username ?? ''),
    accountType: (accountType as AccountType) || (known?.accountType ?? 'human'),
    roles: isNameOnly ? (known?.roles ?? []) : roles,
  };
}
