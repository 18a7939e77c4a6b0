import { personPrincipal } from '@mcr/auth';
import { type Delegate, type PolicyRule, type Principal, RegistryError } from '@mcr/core';
import type { Delegation } from '@mcr/db';
import type { Delegation as DelegationMessage } from '@mcr/rpc/mcr/v1/policy_pb';
import { recordDenial } from '../../services/audit/denials.ts';
import { type Caller, isAdminCaller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { scopeOf } from '../../services/delegates.ts';
import { findPrincipal } from '../../services/identity/find-principal.ts';
import { requireRole } from '../access.ts';
import { invalidRequest } from '../invalid-request.ts';
import type { Plain } from '../plain.ts';
import { accountOf } from '../tokens/account-of.ts';

/** A delegation as the API shows it. */
export function shownDelegation(delegation: Delegation): Plain<DelegationMessage> {
  const { accountName: username, grantedBy, grantedByName, ...rest } = delegation;
  return { ...rest, username, grantedBy, grantedByName };
}

/**
 * The caller as a delegate; `undefined` for an admin, who may do what delegates may, everywhere. Throws `DENIED` for any other
 * account, also one whose last delegation was taken away since the gate.
 */
export async function delegateOf(
  services: ServiceContext,
  caller: Caller,
  action: string,
): Promise<Delegate | undefined> {
  if (isAdminCaller(caller)) return undefined;
  const scope = await scopeOf(services, caller);
  if (scope.length === 0) await requireRole(services, caller, { role: 'admin', action });
  const { id: subject, username, accountType, roles } = caller.principal;
  return { caller: { subject, username, accountType, roles }, scope };
}

/** Throws `DENIED`, after an audit event, with what a delegate may not do and what the delegations are for. */
export async function denyDelegate(
  services: ServiceContext,
  caller: Caller,
  { scope }: Pick<Delegate, 'scope'>,
  { action, problem }: { readonly action: string; readonly problem: string },
): Promise<never> {
  await recordDenial(services, caller, { action, rule: 'delegation' });
  const message = `Your delegation is for ${scope.join(', ')}: ${problem}`;
  throw new RegistryError('DENIED', message, { detail: { action, scope, request_id: caller.requestId } });
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The account that has or gets a delegation, by UUID or name: a local one, a person who signs in at a provider, or one of MCIAS by its
 * UUID. Throws `PARAMETER_INVALID` for any other one.
 */
export async function holderOf(services: ServiceContext, account: string): Promise<Principal> {
  const found = await findPrincipal(services, account);
  if (services.settings.workloads.some(({ id }) => id === found?.id)) {
    throw invalidRequest([{ field: 'account', problem: 'must not be a workload: jobs manage nothing' }]);
  }
  if (found !== undefined) return found;
  const id = account.toLowerCase();
  const person = await services.store.identities.findById(id);
  if (person !== undefined) return personPrincipal(person);
  if (services.settings.localAccounts || !uuid.test(id)) return await accountOf(services, account);
  // MCIAS is not asked about accounts of others; until one of a UUID has a token here, that is all that is known of it.
  const owner = await services.store.tokens.findOwner(id);
  return owner?.principal ?? { id, username: id, accountType: 'human', roles: [] };
}

/** What is said of a rule that a delegate does not see, whether there is one or not. */
export function beyondScope(id: number): string {
  return `it does not cover policy rule ${id}`;
}

/** Rules that an account has written as a delegate and that no longer lie within what it is a delegate for. */
export function isLeftBehind(
  rule: PolicyRule & { readonly createdBy?: string },
  accountId: string,
  isWithin: (rule: PolicyRule) => boolean,
): boolean {
  return rule.delegated === true && rule.createdBy === accountId && !isWithin(rule);
}
