import type { Actor, Principal } from '@mcr/core';

/** Who asks, by which request. Every verb gets one. */
export interface Caller {
  readonly principal: Principal;
  /** Address of the client. */
  readonly ip: string;
  readonly userAgent?: string;
  /** When the token ends, milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The caller as the audit log names it. */
export function actorOf(caller: Caller): Actor {
  return { id: caller.principal.id, name: caller.principal.username, ip: caller.ip };
}
