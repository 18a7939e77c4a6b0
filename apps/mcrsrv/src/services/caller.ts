import type { Validation } from '@mcr/auth';
import { type Actor, isAdmin, isGuest, isNarrowed, type Principal, type TokenGrant } from '@mcr/core';
import { networkOf } from '@mcr/server-kit';

/** Who asks, by which request. Every verb gets one. */
export interface Caller {
  readonly principal: Principal;
  /** Address of the client. */
  readonly ip: string;
  readonly userAgent?: string;
  /** When the token ends, milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Id of the request, as the log and the response have it. */
  readonly requestId: string;
  /** The access token that the request is made with, or that its token was issued for. */
  readonly grant?: TokenGrant;
  /** The look at the credentials that the request relies on; absent if each request has one of its own. */
  readonly validation?: Validation;
}

/** Whether the caller may use what is for admins: not with a token for certain actions or repositories, which is for nothing else. */
export function isAdminCaller({ principal, grant }: Caller): boolean {
  return isAdmin(principal) && (grant === undefined || !isNarrowed(grant));
}

/** The caller as the audit log names it. */
export function actorOf(caller: Caller): Actor {
  return { id: caller.principal.id, name: caller.principal.username, ip: caller.ip };
}

/** What limits count the caller by: its account, or, since guests share one principal, the network of a guest. */
export function limitKey({ principal, ip }: Pick<Caller, 'principal' | 'ip'>): string {
  return isGuest(principal) ? `guest ${networkOf(ip)}` : principal.id;
}
