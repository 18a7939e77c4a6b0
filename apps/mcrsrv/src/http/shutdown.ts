import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';

/** A connection that was busy at `close()` turns idle later; it is looked for this often. */
const sweepMs = 100;

/** Stops accepting, lets transfers in flight finish for up to `timeout` milliseconds, then cuts what is left. */
export async function closeGracefully(server: Server | SecureServer, timeout: number): Promise<void> {
  if (!server.listening) return;
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const deadline = setTimeout(() => server.closeAllConnections(), timeout);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}
