import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** How often sessions are checked. A session that is over has one such interval to send its GOAWAY. */
const sweepMs = 1_000;
/** A client with open calls must respond to a ping within this time. */
const pongMs = 10_000;

interface Watched {
  readonly session: ServerHttp2Session;
  readonly socket: Socket;
  calls: number;
  /** Bytes received at the last check that saw traffic, and when that was. */
  bytes: number;
  heardAt: number;
  pinged: boolean;
  wasOver: boolean;
}

/**
 * Closes HTTP/2 connections of vanished clients, and of clients without calls after `idleTimeout` milliseconds without
 * traffic; 0 disables the latter. Node closes a connection itself once everything is sent, but waits forever if a flood
 * or an invalid frame has broken the session and the client has vanished in the meantime.
 */
export function watchSessions(server: Http2SecureServer, idleTimeout: number): void {
  const all = new Set<Watched>();
  let accepted: Socket | undefined;
  // Runs before Node's own listener, which creates the session and hides its socket.
  server.prependListener('secureConnection', (socket) => {
    accepted = socket;
  });
  server.on('session', (session) => {
    if (accepted === undefined) return;
    const watched = watch(session, accepted);
    all.add(watched);
    watched.socket.once('close', () => all.delete(watched));
  });
  const sweep = setInterval(() => {
    for (const watched of all) look(watched, idleTimeout);
  }, sweepMs).unref();
  server.once('close', () => clearInterval(sweep));
}

function watch(session: ServerHttp2Session, socket: Socket): Watched {
  const heardAt = performance.now();
  const watched = { session, socket, calls: 0, bytes: 0, heardAt, pinged: false, wasOver: false };
  session.on('stream', (stream) => {
    watched.calls += 1;
    stream.once('close', () => {
      watched.calls -= 1;
    });
  });
  return watched;
}

function look(watched: Watched, idleTimeout: number): void {
  const { session, socket, calls, wasOver } = watched;
  watched.wasOver = session.destroyed || (session.closed && calls === 0);
  if (watched.wasOver) {
    if (wasOver) socket.destroy();
    return;
  }
  if (socket.bytesRead !== watched.bytes) {
    Object.assign(watched, { bytes: socket.bytesRead, heardAt: performance.now(), pinged: false });
    return;
  }
  // Sessions are pinged immediately after GOAWAY, from either side.
  const allowed = session.closed ? 0 : idleTimeout || Number.POSITIVE_INFINITY;
  const silence = performance.now() - watched.heardAt;
  if (silence < allowed) return;
  if (calls === 0) session.close();
  // A call may be silent for long, such as a health watch, but its client must respond to a ping.
  else if (silence > allowed + pongMs) socket.destroy();
  else if (!watched.pinged) session.ping(() => {});
  watched.pinged = true;
}
