import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '@mcr/core';
import { LoadingCache } from './loading-cache.ts';
import { verifyPassword } from './password.ts';
import type { Slots } from './slots.ts';

/** One push of podman or Docker asks for a token up to six times within 60 ms; a minute covers a whole build. */
const memoryMs = 60_000;
/** Accounts that log in within a minute; each entry is a hash and a flag. */
const maxRemembered = 1024;

/** Checks passwords, and remembers for a minute that one was right, so that the next check costs no argon2. */
export class LoginVerifier {
  readonly #clock: Clock;
  readonly #slots: Slots;
  /** Of this process only: what is remembered is worthless outside it. */
  readonly #key = randomBytes(32);
  readonly #verified: LoadingCache<boolean>;

  constructor(clock: Clock, slots: Slots) {
    this.#clock = clock;
    this.#slots = slots;
    this.#verified = new LoadingCache({ clock, maxEntries: maxRemembered });
  }

  /**
   * Whether the password has this hash. Equal checks at the same time are one; a wrong password is not remembered. A
   * changed password has another hash and so is checked anew. Throws `TOOMANYREQUESTS`.
   */
  verify(username: string, password: string, passwordHash: string): Promise<boolean> {
    const subject = JSON.stringify([username, password, passwordHash]);
    const key = createHmac('sha256', this.#key).update(subject).digest('base64url');
    return this.#verified.get(key, async () => {
      const value = await verifyPassword(password, passwordHash, this.#slots);
      return { value, until: value ? this.#clock.now() + memoryMs : 0 };
    });
  }
}
