import { type Clock, systemClock } from '@mcr/core';
import { tokenHash } from './cached-identity.ts';
import { accountStoreFailed, invalidToken } from './errors.ts';
import type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
import type { AccountStore } from './local-provider.ts';
import type { Requester } from './slots.ts';

/** Longer than any process caches a validation, and one that was under way when the token was revoked. */
const rememberMs = 5 * 60_000;

/** Options of a {@link SharedRevocations}. */
export interface SharedRevocationsOptions {
  readonly store: Pick<AccountStore, 'isTokenRevoked' | 'revokeToken'>;
  readonly clock?: Clock;
}

/**
 * Puts a logout at an external provider on record for all processes of the registry, whose caches would accept the token
 * for some time. Their other tokens remain cached, so that logouts cost the provider nothing.
 */
export class SharedRevocations implements IdentityProvider {
  readonly #provider: IdentityProvider;
  readonly #store: SharedRevocationsOptions['store'];
  readonly #clock: Clock;

  constructor(provider: IdentityProvider, { store, clock = systemClock }: SharedRevocationsOptions) {
    this.#provider = provider;
    this.#store = store;
    this.#clock = clock;
  }

  login(username: string, password: string, requester?: Requester): Promise<IssuedToken> {
    return this.#provider.login(username, password, requester);
  }

  async validate(token: string): Promise<ValidatedToken> {
    if (await this.#store.isTokenRevoked(tokenHash(token)).catch(accountStoreFailed)) throw invalidToken();
    return await this.#provider.validate(token);
  }

  /** Records nothing when the provider fails to revoke the token. */
  async revoke(token: string): Promise<void> {
    await this.#provider.revoke(token);
    const now = this.#clock.now();
    const revocation = { tokenId: tokenHash(token), expiresAt: now + rememberMs, now };
    await this.#store.revokeToken(revocation).catch(accountStoreFailed);
  }
}
