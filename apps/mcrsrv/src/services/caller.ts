import { type Actor, isGuest, type Principal } from '@mcr/core';
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
}

/** The caller as the audit log names it. */
export function actorOf(caller: Caller): Actor {
  return { id: caller.principal.id, name: caller.principal.username, ip: caller.ip };
}

/** What limits count the caller by: its account, or, since guests share one principal, the network of a guest. */
export function limitKey({ principal, ip }: Pick<Caller, 'principal' | 'ip'>): string {
  return isGuest(principal) ? `guest ${networkOf(ip)}` : principal.id;
}
