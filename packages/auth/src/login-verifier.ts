import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '@mcr/core';
import { LoadingCache } from './loading-cache.ts';
import { verifyPassword } from './password.ts';
import type { Requester, Slots } from './slots.ts';

/** One push of podman or Docker requests a token up to six times within 60 ms; a minute covers a whole build. */
const memoryMs = 60_000;
/** Accounts that log in within a minute; each entry is a hash and a flag. */
const maxRemembered = 1024;

/** A check that equal requests from one address share. */
interface Check {
  readonly result: Promise<boolean>;
  /** Aborted when all clients that wait for it have disconnected. */
  readonly abandoned: AbortController;
  clients: number;
}

/** Checks passwords, and remembers correct ones for a minute, so that the next check needs no argon2. */
export class LoginVerifier {
  readonly #slots: Slots;
  readonly #clock: Clock;
  /** A random key of this process, so that the cached values are useless elsewhere. */
  readonly #key = randomBytes(32);
  readonly #verified: LoadingCache<boolean>;
  readonly #checks = new Map<string, Check>();

  constructor(clock: Clock, slots: Slots) {
    this.#clock = clock;
    this.#slots = slots;
    this.#verified = new LoadingCache({ clock, maxEntries: maxRemembered });
  }

  /**
   * Whether the password has this hash. Concurrent equal checks of one address share a slot; other addresses take slots
   * of their own, since those of one address may be queued for long. Wrong passwords are not cached; a changed password
   * has another hash and is checked again. Throws `TOOMANYREQUESTS`, and `UNAVAILABLE` when the client has
   * disconnected.
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
