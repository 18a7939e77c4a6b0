import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { formatAddress, listenError } from '@mcr/config';
import {
  type ConnectionBounds,
  closeGracefully,
  connectionLimits,
  explainPlainHttp,
  limitConnections,
  listen,
  openRecord,
  RequestLine,
  rejectionLog,
  survive,
  TrustedProxies,
} from '@mcr/server-kit';
import { createApp } from './app.ts';
import type { WebContext } from './context.ts';
import { type Certificate, openCertificate } from './http/certificate.ts';
import { refusal } from './http/guard.ts';

/** A web UI that answers. Disposing it lets requests in flight finish. */
export interface RunningServer extends AsyncDisposable {
  /** Where it answers, such as `https://127.0.0.1:8080`. */
  readonly url: string;
}

const limits = {
  /** Pages take forms of a few KiB at most; nothing honest needs longer. */
  headersTimeout: 30_000,
  requestTimeout: 60_000,
  /** Longer than proxies in front keep idle connections, so that the proxy closes first. */
  keepAliveTimeout: 95_000,
  maxHeaderSize: 16 * 1024,
} as const;
const handshakeTimeout = 10_000;
/** Milliseconds without a byte in either direction: what a browser does not read is not kept for it. */
const idleTimeoutMs = 120_000;
const shutdownTimeoutMs = 10_000;

/** Listens on `web.listen_addr`: https when `[web]` has a certificate, else plain http. Throws a StartError. */
export async function startServer(context: WebContext): Promise<RunningServer> {
  const { web } = context.config;
  const certificate = openCertificate(web, context.log);
  const proxies = new TrustedProxies(web.trustedProxies);
  const bounds = boundsOf(context, proxies);
  const server = createServer(certificate, createListener(context, { proxies, bounds }));
  limitConnections(server, bounds);
  const address = await listen(server, web.listenAddr).catch((error: unknown) => {
    certificate?.[Symbol.dispose]();
    throw listenError('web.listen_addr', web.listenAddr, error);
  });
  return {
    url: `${certificate ? 'https' : 'http'}://${reachable(address)}`,
    async [Symbol.asyncDispose]() {
      await closeGracefully(server, shutdownTimeoutMs, () => server.closeAllConnections());
      certificate?.[Symbol.dispose]();
    },
  };
}

function boundsOf({ config, log }: WebContext, proxies: TrustedProxies): ConnectionBounds {
  return {
    total: connectionLimits().web,
    perAddress: config.limits.connectionsPerAddress,
    isExempt: (address) => proxies.trusts(address),
    onReject: rejectionLog((line) => log.warn(line, 'connections rejected')),
  };
}

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

interface ListenerOptions {
  readonly proxies: TrustedProxies;
  readonly bounds: ConnectionBounds;
}

function createListener(context: WebContext, { proxies, bounds }: ListenerOptions): Listener {
  const handle = getRequestListener(createApp(context).fetch, { overrideGlobalObjects: false });
  const line = new RequestLine(bounds.onReject);
  const begin = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    openRecord(incoming, proxies.clientAddress(incoming), false);
    const status = refusal(incoming);
    if (status === undefined) void handle(incoming, outgoing);
    else outgoing.writeHead(status, { connection: 'close' }).end();
  };
  return (incoming, outgoing) => {
    survive(incoming, outgoing);
    line.enter(incoming, outgoing, () => begin(incoming, outgoing));
  };
}

function createServer(certificate: Certificate | undefined, listener: Listener): Server {
  if (certificate === undefined) return withIdleTimeout(createHttp(limits, listener));
  const server = createHttps({ ...limits, handshakeTimeout, ...certificate.options }, listener);
  certificate.attach(server);
  explainPlainHttp(server);
  return withIdleTimeout(server);
}

function withIdleTimeout(server: Server): Server {
  server.timeout = idleTimeoutMs;
  return server;
}

const everyInterface: ReadonlySet<string> = new Set(['::', '0.0.0.0']);

function reachable({ address, port }: AddressInfo): string {
  return formatAddress({ host: everyInterface.has(address) ? 'localhost' : address, port });
}
