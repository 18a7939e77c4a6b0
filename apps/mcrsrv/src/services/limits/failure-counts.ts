import type { Clock } from '@mcr/core';
import { growingCache } from '@mcr/server-kit';
import type { LRUCache } from 'lru-cache';

const firstDelayMs = 1_000;
/** A hundred guesses a day, the delay of which a person can sit out. */
const maxDelayMs = 15 * 60_000;
const forgetAfterMs = 24 * 60 * 60_000;

/** When waiting begins, and how much is remembered. */
export interface FailureCountsOptions {
  /** A person mistypes: so many failures cost nothing. */
  readonly free: number;
  readonly maxEntries: number;
}

interface Failures {
  readonly count: number;
  readonly last: number;
}

/** Counts failures in a row by key; after the free ones each doubles the wait, from a second to a quarter of an hour. */
export class FailureCounts {
  readonly #clock: Clock;
  readonly #free: number;
  /** Read with `peek`: only a failure makes a key recent. */
  readonly #failures: LRUCache<string, Failures>;

  constructor(clock: Clock, { free, maxEntries }: FailureCountsOptions) {
    this.#clock = clock;
    this.#free = free;
    this.#failures = growingCache(maxEntries);
  }

  /**
   * Milliseconds until the next attempt may begin, 0 when it may now. `underWay` attempts have no outcome yet: they count
   * as failures, and once waiting has begun there is one at a time.
   */
  wait(key: string, underWay: number): number {
    const { count, last } = this.#find(key);
    if (count + underWay < this.#free) return 0;
    if (underWay > 0) return firstDelayMs;
    const delay = Math.min(firstDelayMs * 2 ** (count - this.#free), maxDelayMs);
    return Math.max(0, delay - this.#since(last));
  }

  add(key: string): void {
    this.#failures.set(key, { count: this.#find(key).count + 1, last: this.#clock.now() });
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  #find(key: string): Failures {
    const found = this.#failures.peek(key);
    if (found !== undefined && this.#since(found.last) <= forgetAfterMs) return found;
    return { count: 0, last: 0 };
  }

  /** A clock that was set back makes no client wait longer than the delay. */
  #since(then: number): number {
    return Math.max(0, this.#clock.now() - then);
  }
}
