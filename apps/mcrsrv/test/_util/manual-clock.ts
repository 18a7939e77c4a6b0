import type { Clock } from '@mcr/core';

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #now = Date.UTC(2030, 0, 1);

  now(): number {
    return this.#now;
  }

  /** Moves the clock on by milliseconds. */
  advance(ms: number): void {
    this.#now += ms;
  }
}
