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

/** A running web UI. Disposing it waits for requests in flight. */
export interface RunningServer extends AsyncDisposable {
  /** Its URL, such as `https://127.0.0.1:8080`. */
  readonly url: string;
  /** URL of metrics and probes, such as `http://127.0.0.1:9091`, if enabled. */
  readonly metricsUrl?: string;
}

const limits = {
  /** Pages receive forms of a few KiB at most; no genuine request needs longer. */
  headersTimeout: 30_000,
  requestTimeout: 60_000,
  /** Longer than proxies in front keep idle connections, so that the proxy closes first. */
  keepAliveTimeout: 95_000,
  maxHeaderSize: 16 * 1024,
  /** The guard also rejects a missing Host, with an explanation in the body. */
  requireHostHeader: false,
} as const;
const handshakeTimeout = 10_000;
/** Milliseconds without traffic: responses are not kept for a browser that does not read them. */
const idleTimeoutMs = 120_000;
const shutdownTimeoutMs = 10_000;
/** Pages are read, and forms submitted. */
const methods: readonly string[] = ['GET', 'HEAD', 'POST'];
/** Requests that are rejected before routing do not come from browsers, and get no page. */
const form: RejectionForm = { type: 'text/plain; charset=utf-8', body: (message) => `${message}\n` };

/** Listens on `web.listen_addr`: https if `[web]` has a certificate, else plain http. Throws a StartError. */
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
  // Before the listeners, which wait for their requests: these have no end of their own.
  cleanup.defer(async () => context.live[Symbol.asyncDispose]());
  const owned = cleanup.move();
  return {
    url: `${certificates ? 'https' : 'http'}://${reachable(found)}`,
    ...(metrics && { metricsUrl: `http://${reachable(metrics)}` }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The metrics library is only loaded if metrics are enabled. */
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
