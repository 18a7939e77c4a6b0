import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** How often sessions are looked at. One that is over has as long to tell its client so. */
const sweepMs = 1_000;
/** A client that has calls answers a ping within this time, or is gone. */
const pongMs = 10_000;

interface Watched {
  readonly session: ServerHttp2Session;
  readonly socket: Socket;
  calls: number;
  /** What had come when something came last, and when that was. */
  bytes: number;
  heardAt: number;
  pinged: boolean;
  wasOver: boolean;
}

/**
 * Ends the HTTP/2 connections of clients that are gone, and of those without calls after `idleTimeout` milliseconds of
 * silence; 0 is any time. Node ends a connection itself once it has sent what it was sending, and waits forever where a
 * flood, or a frame that is none, has broken the session and the client went away in the meantime.
 */
export function watchSessions(server: Http2SecureServer, idleTimeout: number): void {
  const all = new Set<Watched>();
  let accepted: Socket | undefined;
  // Before Node's own listener, which makes the session, and hides its socket.
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
  // Whoever has said goodbye, or was told to, is asked at once.
  const allowed = session.closed ? 0 : idleTimeout || Number.POSITIVE_INFINITY;
  const silence = performance.now() - watched.heardAt;
  if (silence < allowed) return;
  if (calls === 0) session.close();
  // A call may be silent for long, as a watcher of health is; its client is not when it is asked.
  else if (silence > allowed + pongMs) socket.destroy();
  else if (!watched.pinged) session.ping(() => {});
  watched.pinged = true;
}
