import type { KeyObject } from 'node:crypto';
import { type Account, type Clock, isAccountName, type Principal, systemClock } from '@mcr/core';
import type { AccountStore } from './account-store.ts';
import { accountStoreFailed, invalidToken, wrongCredentials } from './errors.ts';
import type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
import { LoginVerifier } from './login-verifier.ts';
import { hashingSlots, unmatchableHash } from './password.ts';
import type { Requester, Slots } from './slots.ts';
import { TokenSigner } from './token-signer.ts';

/** What a {@link LocalProvider} is made of. */
export interface LocalProviderOptions {
  readonly store: AccountStore;
  /** Ed25519; see `loadOrCreateSigningKey`. */
  readonly signingKey: KeyObject;
  /** The audience of tokens: a token of another registry with the same key is refused. */
  readonly serviceName: string;
  readonly clock?: Clock;
  /** Where passwords are hashed; the line that the whole process shares when absent. */
  readonly slots?: Slots;
}

/**
 * Accounts in the registry's own database. A token names an account and nothing more: the enabled flag and the roles are
 * read at each validation, so that a change acts at once.
 */
export class LocalProvider implements IdentityProvider {
  readonly #store: AccountStore;
  readonly #tokens: TokenSigner;
  readonly #clock: Clock;
  readonly #logins: LoginVerifier;

  constructor({ store, signingKey, serviceName, clock = systemClock, slots = hashingSlots }: LocalProviderOptions) {
    this.#store = store;
    this.#tokens = new TokenSigner(signingKey, serviceName);
    this.#clock = clock;
    this.#logins = new LoginVerifier(clock, slots);
  }

  /** An unknown and a disabled account cost one hash and give the same error as a wrong password. */
  async login(username: string, password: string, requester?: Requester): Promise<IssuedToken> {
    const account = await this.#findByName(username);
    const usable = account?.enabled === true ? account : undefined;
    const verified = await this.#logins.verify(username, password, usable?.passwordHash ?? unmatchableHash, requester);
    if (usable === undefined || !verified) throw wrongCredentials();
    return { ...(await this.#tokens.sign(usable.id, this.#clock.now())), principal: principalOf(usable) };
  }

  async validate(token: string): Promise<ValidatedToken> {
    const { subject, tokenId, expiresAt } = await this.#tokens.verify(token, this.#clock.now());
    const [revoked, account] = await Promise.all([
      this.#store.isTokenRevoked(tokenId),
      this.#store.findAccountById(subject),
    ]).catch(accountStoreFailed);
    if (revoked || account?.enabled !== true) throw invalidToken();
    return { principal: principalOf(account), expiresAt };
  }

  /** A token that is not good in itself is worthless already, and that is fine (RFC 7009, 2.2). */
  async revoke(token: string): Promise<void> {
    const now = this.#clock.now();
    const claims = await this.#tokens.verify(token, now).catch(() => undefined);
    if (claims === undefined) return;
    const { tokenId, expiresAt } = claims;
    await this.#store.revokeToken({ tokenId, expiresAt, now }).catch(accountStoreFailed);
  }

  async #findByName(username: string): Promise<Account | undefined> {
    if (!isAccountName(username)) return undefined;
    return this.#store.findAccountByName(username).catch(accountStoreFailed);
  }
}

function principalOf({ id, username, type, roles }: Account): Principal {
  return { id, username, accountType: type, roles };
}
