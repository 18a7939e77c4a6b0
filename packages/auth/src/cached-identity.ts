import { hash } from 'node:crypto';
import { type Clock, systemClock } from '@mcr/core';
import { accountStoreFailed } from './errors.ts';
import type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
import { LoadingCache } from './loading-cache.ts';
import type { Requester } from './slots.ts';

/** How long a validation is believed: the time after which a revocation at the provider is felt here. */
const defaultTtlMs = 30_000;
/** About 5 MB of principals, and more tokens than a registry of this size sees in half a minute. */
const defaultMaxEntries = 10_000;

/** What a {@link CachedIdentity} is made of. */
export interface CachedIdentityOptions {
  readonly clock?: Clock;
  /**
   * A number that changes with every change to accounts; asked before each validation, and when it differs from the last
   * one all validations are forgotten. So a disabled local account is refused at once, whoever disabled it.
   */
  readonly generation?: () => Promise<number>;
  /** Milliseconds, 30,000 when absent. */
  readonly ttlMs?: number;
  /** 10,000 when absent; then the one used least recently goes. */
  readonly maxEntries?: number;
}

/**
 * Remembers validations of another provider, by SHA-256 of the token, for 30 s and never beyond the token's own end.
 * Concurrent validations of one token are one call. Refusals are not remembered: a flood of bad tokens is one of ever
 * new tokens, which would only push good ones out. Nor is `UNAVAILABLE`, so that an outage ends when it ends.
 */
export class CachedIdentity implements IdentityProvider {
  readonly #provider: IdentityProvider;
  readonly #clock: Clock;
  readonly #generation: (() => Promise<number>) | undefined;
  readonly #ttlMs: number;
  readonly #validations: LoadingCache<ValidatedToken>;
  #seen: number | undefined;

  constructor(provider: IdentityProvider, options: CachedIdentityOptions = {}) {
    const { clock = systemClock, generation, ttlMs = defaultTtlMs, maxEntries = defaultMaxEntries } = options;
    this.#provider = provider;
    this.#clock = clock;
    this.#generation = generation;
    this.#ttlMs = ttlMs;
    this.#validations = new LoadingCache({ clock, maxEntries });
  }

  /** Passed on as it is: a password is never remembered here. */
  login(username: string, password: string, requester?: Requester): Promise<IssuedToken> {
    return this.#provider.login(username, password, requester);
  }

  async validate(token: string): Promise<ValidatedToken> {
    await this.#forgetWhenAccountsChanged();
    return this.#validations.get(keyOf(token), async () => {
      const asked = this.#clock.now();
      const value = await this.#provider.validate(token);
      return { value, until: Math.min(asked + this.#ttlMs, value.expiresAt) };
    });
  }

  /** Forgets the token even when the provider fails to revoke it. */
  async revoke(token: string): Promise<void> {
    try {
      await this.#provider.revoke(token);
    } finally {
      this.#validations.delete(keyOf(token));
    }
  }

  async #forgetWhenAccountsChanged(): Promise<void> {
    if (this.#generation === undefined) return;
    const current = await this.#generation().catch(accountStoreFailed);
    if (current === this.#seen) return;
    this.#validations.clear();
    this.#seen = current;
  }
}

/** The hash, so that a dump of this process's memory holds no list of live tokens. */
function keyOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
