import { isNarrowed, type Principal, RegistryError } from '@mcr/core';
import type { AccessToken } from '@mcr/db';
import type { AccessToken as AccessTokenMessage } from '@mcr/rpc/mcr/v1/tokens_pb';
import { recordDenial } from '../../services/audit/denials.ts';
import type { Caller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { delegateOf } from '../delegations/delegate.ts';
import { invalidRequest } from '../invalid-request.ts';
import type { Plain } from '../plain.ts';
import { accountOf } from './account-of.ts';
import { manageTokens as action, delegatedToken, robotOf } from './delegated.ts';

/** A token as the API shows it. */
export function shownToken({ accountName, ...token }: AccessToken): Plain<AccessTokenMessage> {
  const { createdBy, createdByName, lastUsedIp, rotatedAt, previousUntil, lastUsedAt } = token;
  return {
    ...token,
    username: accountName,
    createdBy,
    createdByName,
    lastUsedIp,
    rotatedAt,
    previousUntil,
    lastUsedAt,
  };
}

/** The error for a token that does not exist, or is none of the caller's business. */
export function tokenUnknown(id: string): RegistryError {
  return new RegistryError('NOT_FOUND', 'There is no such token', { detail: { id: id.slice(0, 64) } });
}

/**
 * Rejects callers that may have no tokens: one whose own token is for certain actions or repositories, since it would make itself a
 * successor that is for more, and a job, which would get a credential that outlives it. Throws `DENIED`, after an audit event.
 */
export async function requireTokenHolder(services: ServiceContext, caller: Caller): Promise<void> {
  const { principal, grant } = caller;
  const isNarrow = grant !== undefined && isNarrowed(grant);
  const isJob = services.settings.workloads.some(({ id }) => id === principal.id);
  if (!isNarrow && !isJob) return;
  await recordDenial(services, caller, { action: 'manage tokens', rule: isNarrow ? 'token' : 'workload' });
  const message = isNarrow
    ? 'A token for certain actions or repositories cannot manage tokens; use your password, or another token'
    : 'A job has no access tokens: it logs in with the token of its issuer';
  throw new RegistryError('DENIED', message, { detail: { request_id: caller.requestId } });
}

/**
 * The account that a request is about, by UUID or name: the caller's own, or another one, for which it takes the role `admin`, or,
 * for a robot that belongs to its scope, a delegation. Throws `DENIED`, and to admins `PARAMETER_INVALID` for an account that is
 * unknown.
 */
export async function ownerOf(
  services: ServiceContext,
  caller: Caller,
  account: string | undefined,
): Promise<Principal> {
  const { id, username } = caller.principal;
  if (account === undefined || account === username || account.toLowerCase() === id) return caller.principal;
  const delegate = await delegateOf(services, caller, action);
  return delegate === undefined
    ? await accountOf(services, account)
    : await robotOf(services, caller, delegate, account);
}

/** The stored token, if the caller may manage it: its own, or as an admin or a delegate. Throws `NOT_FOUND`, `DENIED`. */
export async function managedToken(services: ServiceContext, caller: Caller, id: string): Promise<AccessToken> {
  await requireTokenHolder(services, caller);
  const token = await services.store.tokens.findById(id);
  if (token?.accountId === caller.principal.id) return token;
  const delegate = await delegateOf(services, caller, action);
  if (delegate !== undefined) return await delegatedToken(services, caller, delegate, token);
  if (token === undefined) throw tokenUnknown(id);
  return token;
}

/** When a token may expire at the latest. One that the caller's own token makes for the same account never outlives that. */
export function latestExpiry({ clock, settings }: ServiceContext, caller: Caller, accountId: string): number {
  const longest = clock.now() + settings.tokens.maxTtl;
  const isOwn = caller.principal.id === accountId;
  return caller.grant !== undefined && isOwn ? Math.min(longest, caller.expiresAt) : longest;
}

/** The expiry that is asked for. Throws `PARAMETER_INVALID` for one that has passed, or is too late. */
export function checkExpiry(expiresAt: number, now: number, latest: number): number {
  if (expiresAt > now && expiresAt <= latest) return expiresAt;
  const problem =
    expiresAt <= now ? 'must be in the future' : `must not be later than ${new Date(latest).toISOString()}`;
  throw invalidRequest([{ field: 'expires_at', problem }]);
}
