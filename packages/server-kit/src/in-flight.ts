/**
 * Handlers that are running. They continue for a while after their client is gone: a broken upload keeps what was
 * received.
 */
export class InFlight {
  readonly #running = new Set<Promise<unknown>>();

  /** Counts a handler until it settles; returns its result. */
  track<T>(handler: T | Promise<T>): T | Promise<T> {
    if (!(handler instanceof Promise)) return handler;
    const forget = () => void this.#running.delete(handler);
    this.#running.add(handler);
    handler.then(forget, forget);
    return handler;
  }

  /** Waits for all handlers, up to `timeout` milliseconds. Resolves to the number that are still running. */
  async settled(timeout: number): Promise<number> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeout);
    await Promise.race([Promise.allSettled(this.#running), late]);
    clearTimeout(timer);
    return this.#running.size;
  }
}
