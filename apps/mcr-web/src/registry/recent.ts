import type { Clock } from '@mcr/core';

/** A value that is the same to all who may read it, kept for some time. */
export class Recent<Value> {
  readonly #clock: Clock;
  readonly #keepMs: number;
  #known: { readonly value: Promise<Value>; readonly at: number; readonly version: string } | undefined;

  /** Keeps a value for `keepMs` milliseconds. */
  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /**
   * The value, from `read` if it is not known, or known of another `version` than is asked for. Callers that come while it is being
   * read share the reading, and its failure, which is not kept. Throws what the `read` in use throws.
   */
  async get(read: () => Promise<Value>, version = this.#known?.version ?? ''): Promise<Value> {
    const now = this.#clock.now();
    const last = this.#known;
    // A clock that was set back does not keep it for longer.
    const isKnown = last?.version === version && Math.abs(now - last.at) < this.#keepMs;
    const known = isKnown ? last : { value: read(), at: now, version };
    this.#known = known;
    try {
      return await known.value;
    } catch (error) {
      if (this.#known === known) this.#known = undefined;
      throw error;
    }
  }

  /** Has the next caller read it anew. */
  forget(): void {
    this.#known = undefined;
  }
}
