import { hash } from 'node:crypto';
import { type Clock, systemClock } from '@mcr/core';
import { accountStoreFailed } from './errors.ts';
import type { IdentityProvider, IssuedToken, ValidatedToken } from './identity-provider.ts';
import { LoadingCache } from './loading-cache.ts';
import type { Requester } from './slots.ts';

/** How long a validation is cached: a revocation at the provider takes effect after this time. */
const defaultTtlMs = 30_000;
/** About 5 MB of principals, and more tokens than such a registry sees in half a minute. */
const defaultMaxEntries = 10_000;

/** Options of a {@link CachedIdentity}. */
export interface CachedIdentityOptions {
  readonly clock?: Clock;
  /**
   * A number that changes with every change to accounts. It is read before each validation, and a new value clears the
   * cache, so that a disabled local account is rejected immediately, whichever process disabled it.
   */
  readonly generation?: () => Promise<number>;
  /** Milliseconds (default: 30,000). */
  readonly ttlMs?: number;
  /** Maximum number of entries (default: 10,000); the least recently used one is evicted. */
  readonly maxEntries?: number;
}

/**
 * Caches the validations of another provider, by SHA-256 of the token, for 30 s and never beyond the token's expiry.
 * Concurrent validations of one token share one call. Rejections are not cached: in a flood every bad token is new, and
 * would evict good ones. Nor is `UNAVAILABLE`, so that an outage ends as soon as the provider is back.
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

  /** Passes the login on: passwords are never cached here. */
  login(username: string, password: string, requester?: Requester): Promise<IssuedToken> {
    return this.#provider.login(username, password, requester);
  }

  async validate(token: string): Promise<ValidatedToken> {
    await this.#forgetWhenAccountsChanged();
    return this.#validations.get(tokenHash(token), async () => {
      const asked = this.#clock.now();
      const validated = await this.#provider.validate(token);
      const until = Math.min(asked + this.#ttlMs, validated.expiresAt);
      return { value: { ...validated, validation: { freshUntil: until } }, until };
    });
  }

  /** Forgets the token even if the provider fails to revoke it. */
  async revoke(token: string): Promise<void> {
    try {
      await this.#provider.revoke(token);
    } finally {
      this.#validations.delete(tokenHash(token));
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

/** A hash, so that a memory dump of this process, or the database, contains no list of live tokens. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64url');
}
