import type { Clock } from '@mcr/core';

/** A clock that only moves when told to; it starts at the beginning of 2030. */
export class ManualClock implements Clock {
  #now = Date.UTC(2030, 0, 1);

  now(): number {
    return this.#now;
  }

  /** Advances the clock by milliseconds. */
  advance(ms: number): void {
    this.#now += ms;
  }
}
