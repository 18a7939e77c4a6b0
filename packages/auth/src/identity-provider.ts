import type { Principal, TokenGrant } from '@mcr/core';
import type { Requester } from './slots.ts';

/** A token that was just issued. */
export interface IssuedToken {
  /** What the client sends as `Authorization: Bearer`. */
  readonly token: string;
  /** When the registry stops accepting it, milliseconds since the epoch. */
  readonly expiresAt: number;
  /**
   * Lifetime reported to the client in whole seconds; at least 60, and less than what `expiresAt` leaves if there is a
   * grace period.
   */
  readonly expiresIn: number;
  readonly issuedAt: number;
  /** The principal, as far as the provider reports it at login. */
  readonly principal?: Principal;
  /** What the audit log notes about the login, such as the job that logged in. */
  readonly details?: Readonly<Record<string, string>>;
  /** The access token that it was issued for. */
  readonly grant?: TokenGrant;
}

/** The result of a successful validation. */
export interface ValidatedToken {
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The access token that it is, or was issued for. */
  readonly grant?: TokenGrant;
  /** Absent if the token must be validated for each request. */
  readonly validation?: Validation;
}

/** One look at a token, which all requests share that rely on it. */
export interface Validation {
  /** Until when the token need not be looked at again as long as the store has not changed, milliseconds since the epoch. */
  readonly freshUntil: number;
}

/**
 * Authenticates callers. Implementations: MCIAS (an external identity service) and local accounts. All throw
 * `RegistryError`: `UNAUTHORIZED` for wrong credentials and for tokens that are malformed, expired, revoked or of a
 * disabled account; `UNAVAILABLE` if the provider does not respond; `TOOMANYREQUESTS` if it is overloaded.
 */
export interface IdentityProvider {
  /**
   * Exchanges a name and a password for a token. Where passwords are hashed, `requester` gets its fair share of the
   * slots, and `UNAVAILABLE` once it has disconnected.
   */
  login(username: string, password: string, requester?: Requester): Promise<IssuedToken>;
  /** Validates a token. */
  validate(token: string): Promise<ValidatedToken>;
  /** Revokes a token if the provider supports it; otherwise does nothing. */
  revoke(token: string): Promise<void>;
}
