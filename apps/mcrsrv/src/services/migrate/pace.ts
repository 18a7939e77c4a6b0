import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps what several copies read together below a number of bytes per second; 0 is no limit. */
export class Pace {
  readonly #bytesPerSecond: number;
  /** When the bytes that were spent so far are paid for, by the clock of `performance.now()`. */
  #paidAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Resolves when these bytes may be followed by others. */
  async spend(bytes: number): Promise<void> {
    if (this.#bytesPerSecond === 0) return;
    const now = performance.now();
    this.#paidAt = Math.max(this.#paidAt, now) + (bytes / this.#bytesPerSecond) * 1_000;
    if (this.#paidAt > now) await sleep(this.#paidAt - now);
  }
}
