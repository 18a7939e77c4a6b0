/** A connection that was busy at `close()` becomes idle later; this is how often that is checked. */
const sweepMs = 100;

/** A server of any protocol. */
export interface Closable {
  readonly listening: boolean;
  close(done: () => void): unknown;
  closeIdleConnections(): void;
}

/**
 * Stops accepting, waits up to `timeout` milliseconds for requests in flight, then calls `cut` to close what is left.
 */
export async function closeGracefully(server: Closable, timeout: number, cut: () => void): Promise<void> {
  if (!server.listening) return;
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const deadline = setTimeout(cut, timeout);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}
