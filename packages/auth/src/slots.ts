import { tooManyRequests } from './errors.ts';

/** Room for work that must not run all at once. */
export interface SlotsOptions {
  /** How many tasks run at the same time. */
  readonly concurrency: number;
  /** How many more may wait in line. */
  readonly maxWaiting: number;
}

/** Runs tasks a few at a time, in order of arrival, with a bounded line of those who wait. */
export class Slots {
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor({ concurrency, maxWaiting }: SlotsOptions) {
    this.#free = concurrency;
    this.#maxWaiting = maxWaiting;
  }

  /** Runs `task` as soon as there is room. Throws `TOOMANYREQUESTS` when the line is full, else what `task` throws. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (this.#waiting.length >= this.#maxWaiting) throw tooManyRequests();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the place to the next in line, if there is one. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
