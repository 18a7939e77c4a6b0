import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '@mcr/core';
import { LoadingCache } from './loading-cache.ts';
import { verifyPassword } from './password.ts';
import type { Requester, Slots } from './slots.ts';

/** One push of podman or Docker asks for a token up to six times within 60 ms; a minute covers a whole build. */
const memoryMs = 60_000;
/** Accounts that log in within a minute; each entry is a hash and a flag. */
const maxRemembered = 1024;

/** A check that equal requests of one address wait for together. */
interface Check {
  readonly result: Promise<boolean>;
  /** Aborted when all who wait have gone. */
  readonly abandoned: AbortController;
  clients: number;
}

/** Checks passwords, and remembers for a minute that one was right, so that the next check costs no argon2. */
export class LoginVerifier {
  readonly #slots: Slots;
  readonly #clock: Clock;
  /** Of this process only: what is remembered is worthless outside it. */
  readonly #key = randomBytes(32);
  readonly #verified: LoadingCache<boolean>;
  readonly #checks = new Map<string, Check>();

  constructor(clock: Clock, slots: Slots) {
    this.#clock = clock;
    this.#slots = slots;
    this.#verified = new LoadingCache({ clock, maxEntries: maxRemembered });
  }

  /**
   * Whether the password has this hash. Equal checks of one address at the same time are one; of other addresses they take
   * their own turns, since a turn of one may be late. A wrong password is not remembered. A changed password has another
   * hash and so is checked anew. Throws `TOOMANYREQUESTS`, and `UNAVAILABLE` when the client has gone.
   */
  async verify(username: string, password: string, passwordHash: string, requester: Requester = {}): Promise<boolean> {
    const subject = JSON.stringify([username, password, passwordHash]);
    const key = createHmac('sha256', this.#key).update(subject).digest('base64url');
    if (this.#verified.peek(key) === true) return true;
    const { address = '', signal } = requester;
    const place = `${key} ${address}`;
    const check =
      this.#checks.get(place) ?? this.#begin(place, address, () => this.#check(key, password, passwordHash));
    check.clients += 1;
    const leave = () => {
      check.clients -= 1;
      if (check.clients === 0) check.abandoned.abort();
    };
    if (signal?.aborted === true) leave();
    else signal?.addEventListener('abort', leave, { once: true });
    return await check.result.finally(() => signal?.removeEventListener('abort', leave));
  }

  #begin(place: string, address: string, task: () => Promise<boolean>): Check {
    const abandoned = new AbortController();
    const run = this.#slots.run(task, { address, signal: abandoned.signal });
    const check: Check = { result: run.finally(() => this.#end(place, check)), abandoned, clients: 0 };
    abandoned.signal.addEventListener('abort', () => this.#end(place, check), { once: true });
    this.#checks.set(place, check);
    return check;
  }

  #end(place: string, check: Check): void {
    if (this.#checks.get(place) === check) this.#checks.delete(place);
  }

  #check(key: string, password: string, passwordHash: string): Promise<boolean> {
    return this.#verified.get(key, async () => {
      const value = await verifyPassword(password, passwordHash);
      return { value, until: value ? this.#clock.now() + memoryMs : 0 };
    });
  }
}
