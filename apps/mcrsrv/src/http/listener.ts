import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import {
  type ConnectionBounds,
  drainBody,
  explainPlainHttp,
  limitConnections,
  openRecord,
  type Refusal,
  RequestLine,
  type RequestRecord,
  refuseAmbiguous,
  survive,
  type TrustedProxies,
} from '@mcr/server-kit';
import type { Logger } from 'pino';
import type { Certificates } from './certificates.ts';
import type { AppEnv } from './env.ts';

/** Names with slashes may be percent-encoded below this path only. */
const encodedSlashes = '/v1/repositories/';
/** Go clients keep idle connections for up to 90 s and cannot resend a PATCH that meets a closing one. */
const keepAliveTimeoutMs = 95_000;
const handshakeTimeoutMs = 10_000;
const maxHeaderSize = 16 * 1024;
/** How long a client may take to read why its bytes were refused. */
const lingerMs = 5_000;
/** Old Docker takes a 401 without this header for a server that is no registry, and hides what it says. */
const apiVersionHeader = 'Docker-Distribution-Api-Version';
const apiVersion = 'registry/2.0';
const belowV2 = /^\/v2(?:[/?]|$)/;
/** How often deadlines of headers are checked. */
const checkingIntervalMs = 5_000;

/** What the listener needs to know. */
export interface ListenerOptions {
  readonly fetch: (request: Request, bindings: AppEnv['Bindings']) => Response | Promise<Response>;
  readonly certificates: Certificates;
  readonly proxies: TrustedProxies;
  readonly connections: ConnectionBounds;
  /** Milliseconds for the headers of a request; bodies have a minimum rate instead. */
  readonly readTimeout: number;
  /** Milliseconds for a whole answer; 0 for any time. */
  readonly writeTimeout: number;
  /** Milliseconds without a byte in either direction before a connection is closed. */
  readonly idleTimeout: number;
  /** Called once for each request, when it has ended in whatever way. */
  readonly onEnd: (incoming: IncomingMessage, outgoing: ServerResponse, record: RequestRecord) => void;
  readonly log: Logger;
}

/** The registry's HTTPS server: HTTP/1.1 over TLS 1.3, with everything ambiguous refused before routing. */
export function createListener(options: ListenerOptions): Server {
  const { certificates, proxies, log } = options;
  const server = createServer({
    ...certificates.options,
    handshakeTimeout: handshakeTimeoutMs,
    requestTimeout: 0,
    headersTimeout: options.readTimeout,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(options.readTimeout || checkingIntervalMs, checkingIntervalMs),
    maxHeaderSize,
    // The guard refuses a missing Host as well, and says so in a body.
    requireHostHeader: false,
  });
  server.timeout = options.idleTimeout;
  limitConnections(server, options.connections);
  certificates.attach(server);

  const handle = getRequestListener(options.fetch as Parameters<typeof getRequestListener>[0], {
    overrideGlobalObjects: false,
    errorHandler: (error) => {
      log.error({ err: error }, 'request failed outside of routing');
      return new Response(null, { status: 500 });
    },
  });
  const line = new RequestLine(options.connections.onReject);
  const onRequest = (awaitsContinue: boolean) => (incoming: IncomingMessage, outgoing: ServerResponse) => {
    survive(incoming, outgoing);
    line.enter(incoming, outgoing, () => begin(incoming, outgoing, awaitsContinue));
  };
  const begin = (incoming: IncomingMessage, outgoing: ServerResponse, awaitsContinue: boolean): void => {
    const record = openRecord(incoming, proxies.clientAddress(incoming), awaitsContinue);
    outgoing.setHeader('X-Request-Id', record.id);
    if (belowV2.test(incoming.url ?? '')) outgoing.setHeader(apiVersionHeader, apiVersion);
    outgoing.once('close', () => options.onEnd(incoming, outgoing, record));
    if (options.writeTimeout > 0) limitAnswer(outgoing, options.writeTimeout);
    const refusal = refuseVersion(incoming) ?? refuseAmbiguous(incoming, encodedSlashes);
    if (refusal !== undefined) void refuse(incoming, outgoing, refusal);
    else void handle(incoming, outgoing);
  };
  server.on('request', onRequest(false));
  server.on('checkContinue', onRequest(true));
  server.on('checkExpectation', onRequest(false));
  server.on('clientError', (error: ClientError, socket: Socket) => {
    if (line.isBusy(socket)) socket.destroy();
    else answerClientError(error, socket);
  });
  explainPlainHttp(server);
  server.on('tlsClientError', (error) => log.debug({ err: error }, 'TLS handshake failed'));
  return server;
}

/** Node's parser also lets through 0.9 and, in the form of a line, 2.0. */
function refuseVersion({ httpVersion }: IncomingMessage): Refusal | undefined {
  if (httpVersion === '1.1' || httpVersion === '1.0') return undefined;
  return { status: 400, message: 'The request must be HTTP/1.1' };
}

function limitAnswer(outgoing: ServerResponse, timeout: number): void {
  const timer = setTimeout(() => outgoing.destroy(), timeout);
  outgoing.once('close', () => clearTimeout(timer));
}

async function refuse(incoming: IncomingMessage, outgoing: ServerResponse, refusal: Refusal): Promise<void> {
  await drainBody({ incoming, outgoing });
  const rest = incoming.url?.startsWith('/v1/') === true;
  const body = JSON.stringify(
    rest ? { error: refusal.message } : { errors: [{ code: 'UNSUPPORTED', message: refusal.message }] },
  );
  outgoing.writeHead(refusal.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
    ...(refusal.allow !== undefined && { Allow: refusal.allow }),
  });
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}

/** Answers what Node's parser refused, so that also such a client learns why. */
function answerClientError(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = wireForm(error);
  const body = JSON.stringify({ errors: [{ code: 'UNSUPPORTED', message }] });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\n${apiVersionHeader}: ${apiVersion}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  // Where the client has gone in the meantime, Node waits for what it was sending.
  const linger = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(linger));
}

/** What Node's parser says of a request; `rawPacket` is the last piece of it that came. */
type ClientError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

function wireForm({ code = '', rawPacket }: ClientError): readonly [status: string, message: string] {
  // containers/image asks again for half as many ranges after a 400, and gives up the pull after a 431.
  if (code === 'HPE_HEADER_OVERFLOW' && severalRanges.test(rawPacket?.toString('latin1') ?? '')) {
    return ['400 Bad Request', 'The Range header is too long; ask for fewer ranges at a time'];
  }
  return clientErrors[code] ?? ['400 Bad Request', 'The request is not valid HTTP'];
}

const severalRanges = /,\d+-/;

const clientErrors: Record<string, readonly [status: string, message: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The request headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'The chunk extensions are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request headers came too slowly'],
};
