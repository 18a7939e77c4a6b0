import type { Clock, RegistryError } from '@mcr/core';
import { LeakyBuckets, tooManyRequests } from '@mcr/server-kit';

const minuteMs = 60_000;
/** Addresses or accounts that are counted at a time: below 10 MB. */
const maxBuckets = 50_000;

/** Limits how many requests a minute one address or account may make; a whole minute's may come at once. */
export class RequestRate {
  readonly #perMinute: number;
  readonly #requests: LeakyBuckets;

  constructor(clock: Clock, perMinute: number) {
    this.#perMinute = perMinute;
    this.#requests = new LeakyBuckets(clock, { capacity: perMinute, leakMs: minuteMs / perMinute, maxBuckets });
  }

  /** Whether a request of `key` that clients repeat would be rejected now; counts nothing. */
  isReached(key: string): boolean {
    return this.#requests.wait(key) > 0;
  }

  /**
   * Counts a request of `key`. The error, `TOOMANYREQUESTS`, when it comes too fast; then it is not counted. One that
   * clients do not repeat is rejected only at twice the limit, so that pushes are slowed down where clients try again.
   */
  rejection(key: string, isRepeated: boolean): RegistryError | undefined {
    const wait = this.#requests.wait(key, isRepeated ? 0 : this.#perMinute);
    if (wait > 0) return tooManyRequests('Too many requests; slow down and try again', wait);
    this.#requests.add(key);
    return undefined;
  }
}
