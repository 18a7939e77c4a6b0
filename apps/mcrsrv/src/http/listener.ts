import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import {
  type Certificates,
  type ConnectionBounds,
  explainPlainHttp,
  limitConnections,
  type RejectionForm,
  type RequestRecord,
  serveRequests,
  type TrustedProxies,
} from '@mcr/server-kit';
import type { Logger } from 'pino';
import { apiOf, rejectionBody } from '../errors/http.ts';
import { type Route, routeRequests } from './route-requests.ts';

/** Names with slashes may be percent-encoded below this path only. */
const encodedSlashes = '/v1/repositories/';
/** Go clients keep idle connections for up to 90 s and cannot resend a PATCH that meets a closing one. */
const keepAliveTimeoutMs = 95_000;
const handshakeTimeoutMs = 10_000;
const maxHeaderSize = 16 * 1024;
/** Old Docker takes a 401 without this header for a server that is no registry, and hides what it says. */
export const apiVersionHeader = 'Docker-Distribution-Api-Version';
export const apiVersion = 'registry/2.0';
const belowV2 = /^\/v2(?:[/?]|$)/;
/** What is rejected before routing is told in the form of the API that was called. */
const form: RejectionForm = {
  type: 'application/json',
  headers: { [apiVersionHeader]: apiVersion },
  body: (message, url = '') => rejectionBody(message, apiOf(url)),
};
/** How often deadlines of headers are checked. */
const checkingIntervalMs = 5_000;

/** What the listener needs to know. */
export interface ListenerOptions {
  readonly route: Route;
  /** Responds to a request past everything else; or says, at once or later, that it left it untouched. */
  readonly respondQuickly?: (incoming: IncomingMessage, outgoing: ServerResponse) => false | Promise<boolean>;
  readonly certificates: Certificates;
  readonly proxies: TrustedProxies;
  readonly connections: ConnectionBounds;
  /** Milliseconds for the headers of a request; bodies have a minimum rate instead. */
  readonly readTimeout: number;
  /** Milliseconds for a whole response; 0 for any time. */
  readonly writeTimeout: number;
  /** Milliseconds without a byte in either direction before a connection is closed. */
  readonly idleTimeout: number;
  /** Called once for each request, when it has ended in whatever way. */
  readonly onEnd: (incoming: IncomingMessage, outgoing: ServerResponse, record: RequestRecord) => void;
  readonly log: Logger;
}

/** The registry's HTTPS server: HTTP/1.1 over TLS 1.3, with everything ambiguous rejected before routing. */
export function createListener(options: ListenerOptions): Server {
  const { certificates, log } = options;
  const server = createServer({
    ...certificates.options,
    handshakeTimeout: handshakeTimeoutMs,
    requestTimeout: 0,
    headersTimeout: options.readTimeout,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(options.readTimeout || checkingIntervalMs, checkingIntervalMs),
    maxHeaderSize,
    // The guard rejects a missing Host as well, and says so in a body.
    requireHostHeader: false,
  });
  server.timeout = options.idleTimeout;
  limitConnections(server, options.connections);
  certificates.attach(server);

  const handle = routeRequests(options.route, (error) => {
    log.error({ err: error }, 'request failed outside of routing');
  });
  serveRequests(server, {
    proxies: options.proxies,
    onReject: options.connections.onReject,
    guard: { encodedSlashes },
    form,
    respondQuickly: (incoming, outgoing) => {
      const quick = options.respondQuickly?.(incoming, outgoing) ?? false;
      return quick !== false && options.writeTimeout > 0 ? limitIfDone(quick, outgoing, options.writeTimeout) : quick;
    },
    onBegin: (incoming, outgoing) => {
      if (belowV2.test(incoming.url ?? '')) outgoing.setHeader(apiVersionHeader, apiVersion);
      if (options.writeTimeout > 0) limitResponse(outgoing, options.writeTimeout);
    },
    handle: (incoming, outgoing) => void handle(incoming, outgoing),
    onEnd: options.onEnd,
  });
  explainPlainHttp(server);
  server.on('tlsClientError', (error) => log.debug({ err: error }, 'TLS handshake failed'));
  return server;
}

async function limitIfDone(quick: Promise<boolean>, outgoing: ServerResponse, timeout: number): Promise<boolean> {
  const isDone = await quick;
  if (isDone) limitResponse(outgoing, timeout);
  return isDone;
}

function limitResponse(outgoing: ServerResponse, timeout: number): void {
  const timer = setTimeout(() => outgoing.destroy(), timeout);
  outgoing.once('close', () => clearTimeout(timer));
}
