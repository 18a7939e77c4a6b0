/** A connection that was busy at `close()` turns idle later; it is looked for this often. */
const sweepMs = 100;

/** A server of whatever protocol. */
export interface Closable {
  readonly listening: boolean;
  close(done: () => void): unknown;
  closeIdleConnections(): void;
}

/** Stops accepting, lets transfers in flight finish for up to `timeout` milliseconds, then has `cut` end what is left. */
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
