import { createHmac, randomBytes } from 'node:crypto';
import { type IssuedToken, LoadingCache } from '@mcr/auth';
import type { Clock } from '@mcr/core';

/** A push sends credentials with each of its requests. */
const memoryMs = 30_000;
/** Credentials and addresses that are remembered at a time; an entry is a hash and a token. */
const maxRemembered = 1_024;

/** Credentials of a client, and where they come from. */
export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
  readonly ip: string;
}

/**
 * Logins of clients that send a name and a password with each request instead of fetching a token. Those with one password from one
 * address are one login for half a minute, audited and counted as any other. Failures are not remembered.
 */
export class BasicLogins {
  readonly #clock: Clock;
  /** A random key of this process, so that what it remembers is useless elsewhere. */
  readonly #key = randomBytes(32);
  readonly #logins: LoadingCache<IssuedToken>;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#logins = new LoadingCache({ clock, maxEntries: maxRemembered });
  }

  /** A token for the credentials, for which `login` is called if need be. Throws what that throws. */
  async tokenFor(
    { username, password, ip }: BasicCredentials,
    login: (input: BasicCredentials & { readonly signal: AbortSignal }) => Promise<IssuedToken>,
  ): Promise<string> {
    const subject = JSON.stringify([username, password, ip]);
    const key = createHmac('sha256', this.#key).update(subject).digest('base64url');
    const { token } = await this.#logins.get(key, async () => {
      const asked = this.#clock.now();
      // Several requests wait for it, so that it does not end with the client of one.
      const value = await login({ username, password, ip, signal: new AbortController().signal });
      return { value, until: Math.min(asked + memoryMs, value.expiresAt) };
    });
    return token;
  }
}
