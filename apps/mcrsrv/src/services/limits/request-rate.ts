import type { Clock, RegistryError } from '@mcr/core';
import { LeakyBuckets, tooManyRequests } from '@mcr/server-kit';

const minuteMs = 60_000;
/** Addresses or accounts that are counted at a time: below 10 MB. */
const maxBuckets = 50_000;
/** Clients do not repeat a request whose body they have begun to send. */
const unrepeated: ReadonlySet<string> = new Set(['PATCH', 'PUT']);

/** Limits how many requests a minute one address or account may make; a whole minute's may come at once. */
export class RequestRate {
  readonly #perMinute: number;
  readonly #requests: LeakyBuckets;

  constructor(clock: Clock, perMinute: number) {
    this.#perMinute = perMinute;
    this.#requests = new LeakyBuckets(clock, { capacity: perMinute, leakMs: minuteMs / perMinute, maxBuckets });
  }

  /**
   * Counts a request of `key`. The refusal, `TOOMANYREQUESTS`, when it comes too fast; then it is not counted. A PATCH or
   * PUT is refused only at twice the limit, so that pushes are slowed down where clients wait and try again.
   */
  refusal(key: string, method: string): RegistryError | undefined {
    const wait = this.#requests.wait(key, unrepeated.has(method) ? this.#perMinute : 0);
    if (wait > 0) return tooManyRequests('Too many requests; slow down and try again', wait);
    this.#requests.add(key);
    return undefined;
  }
}
