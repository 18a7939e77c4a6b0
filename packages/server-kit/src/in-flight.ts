/** Handlers at work. They go on for a while after their clients are gone: an upload that was cut keeps what it got. */
export class InFlight {
  readonly #running = new Set<Promise<unknown>>();

  /** Counts a handler until it has ended, in whatever way; gives its own result. */
  track<T>(handler: T | Promise<T>): T | Promise<T> {
    if (!(handler instanceof Promise)) return handler;
    const forget = () => void this.#running.delete(handler);
    this.#running.add(handler);
    handler.then(forget, forget);
    return handler;
  }

  /** Waits for all of them, up to `timeout` milliseconds. Resolves with how many are still at work. */
  async settled(timeout: number): Promise<number> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeout);
    await Promise.race([Promise.allSettled(this.#running), late]);
    clearTimeout(timer);
    return this.#running.size;
  }
}
