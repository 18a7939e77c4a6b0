import { ServerResponse } from 'node:http';
import { Server } from 'node:net';

/** A connection that was busy at `close()` becomes idle later; this is how often that is checked. */
const sweepMs = 100;

/** A server of any protocol. */
export interface Closable {
  readonly listening: boolean;
  close(done: () => void): unknown;
  closeIdleConnections(): void;
}

/**
 * Stops accepting, and ends no connection that a client may be about to use: each ends after its next response, or when
 * it was idle for as long as the server allows. Resolves when the last one has ended.
 */
export async function drain(server: Server & Closable): Promise<void> {
  if (!server.listening) return;
  for (const event of ['request', 'checkContinue', 'checkExpectation'])
    server.prependListener(event, (_: unknown, outgoing: object) => {
      if (outgoing instanceof ServerResponse) outgoing.setHeader('Connection', 'close');
    });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  // The methods of HTTP servers close idle connections as well.
  Server.prototype.close.call(server, () => resolve());
  await closed;
}

/**
 * Stops accepting, waits up to `timeout` milliseconds for requests in flight, then calls `cut` to close what is left.
 */
export async function closeGracefully(
  server: Server & Closable,
  timeout: number,
  cut: () => void,
  drained?: Promise<void>,
): Promise<void> {
  if (!server.listening && drained === undefined) return;
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  if (drained === undefined) server.close(() => resolve());
  else {
    server.close(() => {});
    void drained.then(resolve);
  }
  server.closeIdleConnections();
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const deadline = setTimeout(cut, timeout);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

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
