import type { Server as HttpServer, ServerResponse } from 'node:http';
import { constants, createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import {
  type Certificates,
  type ConnectionBounds,
  explainPlainHttp,
  ignoreSocketErrors,
  limitConnections,
  limitResets,
  openRecord,
  type PlaceBounds,
  Places,
  type RejectedRequest,
  RequestLine,
  type RequestRecord,
  rejectAmbiguous,
  type TrustedProxies,
  watchSessions,
} from '@mcr/server-kit';
import type { Logger } from 'pino';
import { renderUncalled } from '../errors/connect.ts';
import { limitCall } from './call-limits.ts';
import type { NodeRequest, NodeResponse } from './env.ts';

const handshakeTimeoutMs = 10_000;
const keepAliveTimeoutMs = 95_000;
const maxHeaderSize = 16 * 1024;
/** Calls of one connection at a time, which clients take for granted; the web UI makes a few for each page. */
const maxConcurrentStreams = 100;
/** Calls at a time that are open to everyone, or whose token was not checked yet; one that is held takes some 40 kB. */
const strangerBounds: PlaceBounds = { total: 2_048, perAddress: 256, perConnection: maxConcurrentStreams };

/** What the listener needs to know. */
export interface GrpcListenerOptions {
  readonly handle: (incoming: NodeRequest, outgoing: NodeResponse) => void;
  readonly certificates: Certificates;
  readonly proxies: TrustedProxies;
  readonly connections: ConnectionBounds;
  /** Milliseconds for the headers of a request. */
  readonly readTimeout: number;
  /** Milliseconds without a byte in either direction before a connection without calls is closed. */
  readonly idleTimeout: number;
  /** Called once for each request, when it has ended in whatever way. */
  readonly onEnd: (incoming: NodeRequest, outgoing: NodeResponse, record: RequestRecord) => void;
  readonly log: Logger;
}

/** Node's types do not know that the server closes connections of HTTP/1.1, too. */
type GrpcServer = Http2SecureServer & Pick<HttpServer, 'closeIdleConnections'>;

/** The server, and a way to end its connections. */
export interface GrpcListener {
  readonly server: GrpcServer;
  /** Cuts every connection. */
  readonly cut: () => void;
  /** Tells the clients of HTTP/2 to make their next calls elsewhere; calls that are under way go on. */
  readonly goAway: () => void;
}

/** The HTTPS server of the RPCs: HTTP/2 for gRPC, HTTP/1.1 beside it for the others, over TLS 1.3. */
export function createGrpcListener(options: GrpcListenerOptions): GrpcListener {
  const { certificates, log } = options;
  const http1 = {
    // Messages have their own deadline, and headers may take longer than Node's default for whole requests.
    requestTimeout: 0,
    headersTimeout: options.readTimeout,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize,
  };
  const server = createSecureServer({
    ...certificates.options,
    ...http1,
    allowHTTP1: true,
    handshakeTimeout: handshakeTimeoutMs,
    settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderSize },
  }) as GrpcServer;
  limitConnections(server, options.connections);
  certificates.attach(server);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  watchSessions(server, options.idleTimeout);
  limitResets(server, options.connections);
  const line = new RequestLine(options.connections.onReject);
  const calls = new Places(strangerBounds);
  server.on('request', (incoming: NodeRequest, outgoing: NodeResponse) => {
    ignoreSocketErrors(incoming, outgoing);
    if (!('stream' in incoming)) {
      const begin = (): void => handle(options, incoming, outgoing, options.proxies.clientAddress(incoming));
      return line.enter(incoming, outgoing as ServerResponse, begin);
    }
    // A stream that is reset by what was read together with it costs no more than this.
    setImmediate(() => {
      const { stream } = incoming;
      if (stream.destroyed || stream.session === undefined) return;
      const ip = options.proxies.clientAddress(incoming);
      const entry = calls.enter(ip, stream.session);
      if ('full' in entry) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
      releases.set(incoming, entry.leave);
      // Here and below not `once`, which makes Node copy the listeners of each call; these events come once anyway.
      stream.on('close', entry.leave);
      handle(options, incoming, outgoing, ip);
    });
  });
  server.on('sessionError', (error) => log.debug({ err: error }, 'HTTP/2 connection failed'));
  explainPlainHttp(server);
  server.on('tlsClientError', (error) => log.debug({ err: error }, 'TLS handshake failed'));
  return {
    server,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    goAway: () => {
      server.on('session', (session) => session.close());
      for (const session of sessions) session.close();
    },
  };
}

/** How each call gives back its place among those of strangers. */
const releases = new WeakMap<NodeRequest, () => void>();

/** Counts a call whose token was checked no longer among those of strangers. */
export function acceptCaller(incoming: NodeRequest): void {
  releases.get(incoming)?.();
}

function handle(options: GrpcListenerOptions, incoming: NodeRequest, outgoing: NodeResponse, ip: string): void {
  const record = openRecord(incoming, { ip, awaitsContinue: false, startedAt: performance.now() });
  outgoing.setHeader('X-Request-Id', record.id);
  limitCall(incoming, outgoing);
  outgoing.on('close', () => options.onEnd(incoming, outgoing, record));
  const rejection = rejectAmbiguous(incoming);
  if (rejection !== undefined) {
    reject(outgoing, rejection);
    return;
  }
  try {
    options.handle(incoming, outgoing);
  } catch (error) {
    options.log.debug({ err: error }, 'request failed before its call');
    reject(outgoing, { status: 400, message: 'The request is malformed' });
  }
}

function reject(outgoing: NodeResponse, { status, message, allow }: RejectedRequest): void {
  const { headers, body } = renderUncalled(
    status,
    'invalid_argument',
    message,
    allow === undefined ? {} : { Allow: allow },
  );
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  outgoing.end(body);
}
