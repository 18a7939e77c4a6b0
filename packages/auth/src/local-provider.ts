import { hash, type KeyObject } from 'node:crypto';
import { type Account, type Clock, isAccountName, type Principal, systemClock } from '@mcr/core';
import { accountStoreFailed, invalidToken, wrongCredentials } from './errors.ts';
import type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
import { LoginVerifier } from './login-verifier.ts';
import { hashingSlots, unmatchableHash } from './password.ts';
import type { Requester, Slots } from './slots.ts';
import { TokenSigner, usualTokenTtlMs } from './token-signer.ts';

/** Options of a {@link LocalProvider}. */
export interface LocalProviderOptions {
  readonly store: AccountStore;
  /** Ed25519; see `loadOrCreateSigningKey`. */
  readonly signingKey: KeyObject;
  /** The audience of tokens: tokens of another registry with the same key are rejected. */
  readonly serviceName: string;
  /** The lifetime of a login, milliseconds (default: 8 hours). */
  readonly tokenTtlMs?: number;
  readonly clock?: Clock;
  /** The queue for password hashing (default: the one of this process). */
  readonly slots?: Slots;
}

/** 96 bits of a hash of a salted hash: it cannot be used to check a guess at the password. */
const markLength = 16;

/**
 * Accounts in the registry's own database. A token only names the account: the enabled flag and the roles are read at
 * each validation, so that changes take effect immediately.
 */
export class LocalProvider implements IdentityProvider {
  readonly #store: AccountStore;
  readonly #tokens: TokenSigner;
  readonly #clock: Clock;
  readonly #logins: LoginVerifier;

  constructor({ store, signingKey, serviceName, tokenTtlMs = usualTokenTtlMs, ...options }: LocalProviderOptions) {
    const { clock = systemClock, slots = hashingSlots } = options;
    this.#store = store;
    this.#tokens = new TokenSigner(signingKey, serviceName, tokenTtlMs);
    this.#clock = clock;
    this.#logins = new LoginVerifier(clock, slots);
  }

  /** An unknown and a disabled account cost one hash and get the same error as a wrong password. */
  async login(username: string, password: string, requester?: Requester): Promise<IssuedToken> {
    const account = await this.#findByName(username);
    const usable = account?.enabled === true ? account : undefined;
    const verified = await this.#logins.verify(username, password, usable?.passwordHash ?? unmatchableHash, requester);
    if (usable === undefined || !verified) throw wrongCredentials();
    const mark = passwordMark(usable);
    return { ...(await this.#tokens.sign(usable.id, mark, this.#clock.now())), principal: principalOf(usable) };
  }

  async validate(token: string): Promise<ValidatedToken> {
    const { subject, tokenId, expiresAt, passwordMark: mark } = await this.#tokens.verify(token, this.#clock.now());
    const [revoked, account] = await Promise.all([
      this.#store.isTokenRevoked(tokenId),
      this.#store.findById(subject),
    ]).catch(accountStoreFailed);
    if (revoked || account?.enabled !== true) throw invalidToken();
    if (mark !== undefined && mark !== passwordMark(account)) throw invalidToken();
    return { principal: principalOf(account), expiresAt };
  }

  /** A token that is invalid needs no revocation, which is not an error (RFC 7009, 2.2). */
  async revoke(token: string): Promise<void> {
    const now = this.#clock.now();
    const claims = await this.#tokens.verify(token, now).catch(() => undefined);
    if (claims === undefined) return;
    const { tokenId, expiresAt } = claims;
    await this.#store.revokeToken({ tokenId, expiresAt, now }).catch(accountStoreFailed);
  }

  async #findByName(username: string): Promise<Account | undefined> {
    if (!isAccountName(username)) return undefined;
    return this.#store.findByName(username).catch(accountStoreFailed);
  }
}

/** Identifies a password in a token: tokens are invalid once the password is set again, even to the same one. */
function passwordMark({ passwordHash }: Account): string {
  return hash('sha256', passwordHash, 'base64url').slice(0, markLength);
}

/** An account as the holder of a token. */
export function principalOf({ id, username, type, roles }: Account): Principal {
  return { id, username, accountType: type, roles };
}

/** The part of the registry's database that local accounts need; `MetadataStore.accounts` implements it. */
export interface AccountStore {
  findByName(username: string): Promise<Account | undefined>;
  findById(id: string): Promise<Account | undefined>;
  /** Marks a token as revoked until it would have expired; times in milliseconds since the epoch. */
  revokeToken(input: { tokenId: string; expiresAt: number; now: number }): Promise<void>;
  isTokenRevoked(tokenId: string): Promise<boolean>;
}
