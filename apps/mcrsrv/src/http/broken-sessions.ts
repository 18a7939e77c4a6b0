import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** How long a session that has broken may take to tell its client so. */
const lingerMs = 1_000;

/**
 * Ends the connections of HTTP/2 sessions that broke, for example by a flood of pings. Node does so itself once it has
 * sent what it was sending, and waits forever where the client has gone in the meantime.
 */
export function endBrokenSessions(server: Http2SecureServer): void {
  const sockets = new Map<ServerHttp2Session, Socket>();
  const broken = new Set<Socket>();
  let accepted: Socket | undefined;
  // Before Node's own listener, which makes the session, and hides its socket.
  server.prependListener('secureConnection', (socket) => {
    accepted = socket;
  });
  server.on('session', (session) => {
    const socket = accepted;
    if (socket === undefined) return;
    sockets.set(session, socket);
    socket.once('close', () => {
      sockets.delete(session);
      broken.delete(socket);
    });
  });
  const sweep = setInterval(() => {
    for (const socket of broken) socket.destroy();
    for (const [session, socket] of sockets) if (session.destroyed) broken.add(socket);
  }, lingerMs).unref();
  server.once('close', () => clearInterval(sweep));
}
