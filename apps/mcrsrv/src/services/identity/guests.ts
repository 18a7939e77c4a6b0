import { type IssuedToken, promisedSeconds, type ValidatedToken, type Validation } from '@mcr/auth';
import { guest, RegistryError } from '@mcr/core';
import type { ServiceContext } from '../context.ts';

/**
 * The token of every guest. It is no secret: it gives what rules let anyone have, so there is nothing to sign, to store or
 * to revoke, and it works as long as some rule lets guests pull.
 */
export const guestPass = 'mcr-guest';

/** As long as an operation of a client takes; whether guests may pull is evaluated at each request. */
const lifetimeMs = 60 * 60_000;

/** There is nothing to look at. */
const validation: Validation = { freshUntil: Number.POSITIVE_INFINITY };

type Parts = Pick<ServiceContext, 'policy' | 'clock'>;

/** The guest that a token stands for; `undefined` for any other token, and where no rule lets guests pull. */
export async function validateGuest({ policy, clock }: Parts, bearer: string): Promise<ValidatedToken | undefined> {
  if (bearer !== guestPass || !(await policy.current()).allowsGuests) return undefined;
  return { principal: guest, expiresAt: clock.now() + lifetimeMs, validation };
}

/** A token for a client that sends no credentials; `undefined` where no rule lets guests pull. It is no login. */
export async function issueGuestToken(parts: Parts): Promise<IssuedToken | undefined> {
  const valid = await validateGuest(parts, guestPass);
  if (valid === undefined) return undefined;
  return { ...valid, token: guestPass, issuedAt: parts.clock.now(), expiresIn: promisedSeconds(lifetimeMs) };
}

/** The error for what a guest may not do, and some account may: clients log in and try again. */
export function loginRequired(detail: object = {}): RegistryError {
  const message = 'Log in first: guests may not do this';
  return new RegistryError('UNAUTHORIZED', message, { detail: { error: 'insufficient_scope', ...detail } });
}
