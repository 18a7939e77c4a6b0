import type { Clock } from '@mcr/core';

/** A value that is the same to all who may read it, kept for some time. */
export class Recent<Value> {
  readonly #clock: Clock;
  readonly #keepMs: number;
  #known: { readonly value: Promise<Value>; readonly at: number } | undefined;

  /** Keeps a value for `keepMs` milliseconds. */
  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /**
   * The value, from `read` if it is not known. Callers that come while it is being read share the reading, and its failure, which is
   * not kept. Throws what the `read` in use throws.
   */
  async get(read: () => Promise<Value>): Promise<Value> {
    const now = this.#clock.now();
    // A clock that was set back does not keep it for longer.
    if (this.#known === undefined || Math.abs(now - this.#known.at) >= this.#keepMs)
      this.#known = { value: read(), at: now };
    const known = this.#known;
    try {
      return await known.value;
    } catch (error) {
      if (this.#known === known) this.#known = undefined;
      throw error;
    }
  }
}
