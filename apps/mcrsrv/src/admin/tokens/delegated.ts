import {
  type Delegate,
  grantProblem,
  isAdmin,
  isRuleWithin,
  type PolicyRule,
  type Principal,
  RegistryError,
  type TokenLimits,
} from '@mcr/core';
import type { AccessToken } from '@mcr/db';
import type { Caller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { denyDelegate } from '../delegations/delegate.ts';
import { accountOf } from './account-of.ts';

/** What denials name. */
export const manageTokens = 'manage tokens of others';

type Limits = TokenLimits & Pick<AccessToken, 'scope'>;

/** Whether a token is for nothing but certain actions in repositories of a scope: a delegate sees it. */
export function isTokenWithin({ actions, repositories, scope: adminScope }: Limits, scope: readonly string[]): boolean {
  return adminScope === 'none' && actions.length > 0 && isRuleWithin({ repositories }, scope);
}

/**
 * Rejects a token that would be for more than a delegate may do in the scope, or without a limit. Throws `DENIED`, after an audit
 * event.
 */
export async function requireOwnRights(
  services: ServiceContext,
  caller: Caller,
  delegate: Delegate,
  { actions, repositories, scope }: Limits,
): Promise<void> {
  const problem =
    scope !== 'none'
      ? 'a token of a delegate has no scope of the admin API'
      : actions.length === 0 || repositories.length === 0
        ? 'a token of a delegate names actions and repositories'
        : grantProblem(delegate, { actions, repositories }, true, await services.policy.current());
  if (problem !== undefined) await denyDelegate(services, caller, delegate, { action: manageTokens, problem });
}

/**
 * A robot of a delegate's scope: a system account that some rule within it is about, by name or role, and that no rule of an admin lets
 * do something beyond it. Throws `DENIED` for any other account, and alike for an unknown one.
 */
export async function robotOf(
  services: ServiceContext,
  caller: Caller,
  delegate: Delegate,
  account: string,
): Promise<Principal> {
  const found = await accountOf(services, account).catch((error: unknown) => {
    if (error instanceof RegistryError && error.code === 'PARAMETER_INVALID') return undefined;
    throw error;
  });
  const { all } = await services.policy.current();
  if (found !== undefined && belongsTo(found, delegate, all)) return found;
  const problem = `${JSON.stringify(account)} is no system account that a rule within it, and none of an admin beyond it, lets do something`;
  return await denyDelegate(services, caller, delegate, { action: manageTokens, problem });
}

/** The token, if a delegate manages it. Throws `DENIED`, alike for one beyond the scope and for one that does not exist. */
export async function delegatedToken(
  services: ServiceContext,
  caller: Caller,
  delegate: Delegate,
  token: AccessToken | undefined,
): Promise<AccessToken> {
  if (token !== undefined && isTokenWithin(token, delegate.scope)) {
    await robotOf(services, caller, delegate, token.accountId);
    return token;
  }
  const problem = 'it does not cover this token';
  return await denyDelegate(services, caller, delegate, { action: manageTokens, problem });
}

function belongsTo(account: Principal, { scope }: Delegate, rules: readonly PolicyRule[]): boolean {
  if (account.accountType !== 'system' || isAdmin(account)) return false;
  const about = rules.filter((rule) => rule.effect === 'allow' && isNamedBy(account, rule));
  const isOfOthers = about.some((rule) => rule.delegated !== true && !isRuleWithin(rule, scope));
  return !isOfOthers && about.some((rule) => isRuleWithin(rule, scope));
}

function isNamedBy({ id, roles }: Principal, { subject = '', roles: named }: PolicyRule): boolean {
  return subject.toLowerCase() === id.toLowerCase() || (subject === '' && named.some((role) => roles.includes(role)));
}
