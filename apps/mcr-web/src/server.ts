import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { formatAddress } from '@mcr/config';
import {
  type Certificates,
  connectionBounds,
  explainPlainHttp,
  Listeners,
  limitConnections,
  type RejectionForm,
  serveRequests,
  TrustedProxies,
} from '@mcr/server-kit';
import { createApp } from './app.ts';
import { openCertificates } from './certificates.ts';
import type { WebContext } from './context.ts';

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
  /** The guard rejects a missing Host as well, and says so in a body. */
  requireHostHeader: false,
} as const;
const handshakeTimeout = 10_000;
/** Milliseconds without a byte in either direction: what a browser does not read is not kept for it. */
const idleTimeoutMs = 120_000;
const shutdownTimeoutMs = 10_000;
/** Pages are read, and forms sent. */
const methods: readonly string[] = ['GET', 'HEAD', 'POST'];
/** What is rejected before routing is sent by no browser, and gets no page. */
const form: RejectionForm = { type: 'text/plain; charset=utf-8', body: (message) => `${message}\n` };

/** Listens on `web.listen_addr`: https when `[web]` has a certificate, else plain http. Throws a StartError. */
export async function startServer(context: WebContext): Promise<RunningServer> {
  await using cleanup = new AsyncDisposableStack();
  const { web } = context.config;
  const certificates = openCertificates(web, context.log);
  if (certificates !== undefined) cleanup.defer(() => certificates.close());
  const listeners = cleanup.use(new Listeners(shutdownTimeoutMs));
  const server = createServer(context, certificates);
  const cut = () => server.closeAllConnections();
  const found = await listeners.open(server, { key: 'web.listen_addr', address: web.listenAddr, cut });
  const owned = cleanup.move();
  return {
    url: `${certificates ? 'https' : 'http'}://${reachable(found)}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function createServer(context: WebContext, certificates: Certificates | undefined): Server {
  const { config, log } = context;
  const server = certificates === undefined ? createHttp(limits) : createSecure(certificates, log);
  server.timeout = idleTimeoutMs;
  const proxies = new TrustedProxies(config.web.trustedProxies);
  const { connectionsPerAddress: perAddress } = config.limits;
  const bounds = connectionBounds({ listener: 'web', perAddress, proxies, log });
  limitConnections(server, bounds);
  const handle = getRequestListener(createApp(context).fetch, { overrideGlobalObjects: false });
  serveRequests(server, {
    proxies,
    onReject: bounds.onReject,
    guard: { methods },
    form,
    handle: (incoming, outgoing) => void handle(incoming, outgoing),
  });
  return server;
}

function createSecure(certificates: Certificates, log: WebContext['log']): Server {
  const server = createHttps({ ...limits, handshakeTimeout, ...certificates.options });
  certificates.attach(server);
  explainPlainHttp(server);
  server.on('tlsClientError', (error) => log.debug({ err: error }, 'TLS handshake failed'));
  return server;
}

const everyInterface: ReadonlySet<string> = new Set(['::', '0.0.0.0']);

function reachable({ address, port }: AddressInfo): string {
  return formatAddress({ host: everyInterface.has(address) ? 'localhost' : address, port });
}
