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
import type { Monitoring } from './monitoring.ts';

/** A web UI that answers. Disposing it lets requests in flight finish. */
export interface RunningServer extends AsyncDisposable {
  /** Where it answers, such as `https://127.0.0.1:8080`. */
  readonly url: string;
  /** Where metrics and probes are, if anywhere, such as `http://127.0.0.1:9091`. */
  readonly metricsUrl?: string;
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
  const monitoring = await openMonitoring(context, certificates);
  const listeners = cleanup.use(new Listeners(shutdownTimeoutMs));
  const open = async (server: Server, key: string, address: typeof web.listenAddr): Promise<AddressInfo> =>
    await listeners.open(server, { key, address, cut: () => server.closeAllConnections() });

  const found = await open(createServer(context, certificates, monitoring), 'web.listen_addr', web.listenAddr);
  const metrics = monitoring && web.metricsAddr && (await open(monitoring.server, 'web.metrics_addr', web.metricsAddr));
  const owned = cleanup.move();
  return {
    url: `${certificates ? 'https' : 'http'}://${reachable(found)}`,
    ...(metrics && { metricsUrl: `http://${reachable(metrics)}` }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The library of the metrics is loaded only where they are served. */
async function openMonitoring(
  context: WebContext,
  certificates: Certificates | undefined,
): Promise<Monitoring | undefined> {
  if (context.config.web.metricsAddr === undefined) return undefined;
  const { createMonitoring } = await import('./monitoring.ts');
  return createMonitoring(context, certificates);
}

function createServer(
  context: WebContext,
  certificates: Certificates | undefined,
  monitoring: Monitoring | undefined,
): Server {
  const { config, log } = context;
  const server = certificates === undefined ? createHttp(limits) : createSecure(certificates, log);
  server.timeout = idleTimeoutMs;
  const proxies = new TrustedProxies(config.web.trustedProxies);
  const { connectionsPerAddress: perAddress } = config.limits;
  const metrics = monitoring?.metrics;
  const bounds = connectionBounds({ listener: 'web', perAddress, proxies, log, metrics });
  limitConnections(server, bounds);
  const handle = getRequestListener(createApp(context).fetch, { overrideGlobalObjects: false });
  serveRequests(server, {
    proxies,
    onReject: bounds.onReject,
    guard: { methods },
    form,
    handle: (incoming, outgoing) => void handle(incoming, outgoing),
    ...(monitoring && { onEnd: monitoring.observe }),
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
