import type { Principal } from '@mcr/core';
import type { Requester } from './slots.ts';

/** A token that was just issued. */
export interface IssuedToken {
  /** What the client sends as `Authorization: Bearer`. */
  readonly token: string;
  /** When the registry stops accepting it, milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Whole seconds that a client may rely on it; at least 60, less than what `expiresAt` leaves when there is a grace. */
  readonly expiresIn: number;
  readonly issuedAt: number;
  /** Whose it is, as far as the provider says at login. */
  readonly principal?: Principal;
}

/** A token that was found good. */
export interface ValidatedToken {
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Who is asking. Implementations: MCIAS (an external identity service) and local accounts.
 * All throw `RegistryError`: `UNAUTHORIZED` for wrong credentials and for tokens that are malformed, expired, revoked
 * or of a disabled account; `UNAVAILABLE` when the provider cannot answer; `TOOMANYREQUESTS` when it is overloaded.
 */
export interface IdentityProvider {
  /**
   * Exchanges a name and a password for a token. Where passwords are hashed, `requester` gets a fair turn; one that has gone
   * is `UNAVAILABLE`.
   */
  login(username: string, password: string, requester?: Requester): Promise<IssuedToken>;
  /** Checks a token. */
  validate(token: string): Promise<ValidatedToken>;
  /** Makes a token worthless, where the provider can; does nothing where it cannot. */
  revoke(token: string): Promise<void>;
}
