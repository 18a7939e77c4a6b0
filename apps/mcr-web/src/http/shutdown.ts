import type { Server } from 'node:http';

/** A connection that was busy when closing began turns idle later; it is looked for this often. */
const sweepMs = 100;

/** Stops accepting, lets requests in flight finish for up to `timeout` milliseconds, then cuts what is left. */
export async function closeGracefully(server: Server, timeout: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const deadline = setTimeout(() => server.closeAllConnections(), timeout);
  await promise;
  clearInterval(sweep);
  clearTimeout(deadline);
}
