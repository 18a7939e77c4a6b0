import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ConnectionBounds, limitConnections } from './limit-connections.ts';
import { onceEvery } from './once-every.ts';
import { RequestLine } from './request-line.ts';
import { ignoreSocketErrors } from './serve-requests.ts';

/** Timeout in milliseconds of a request, and of a connection without traffic; a scraper needs a fraction of it. */
const timeoutMs = 10_000;
/** Milliseconds for which a readiness result is reused: a flood of probes costs one check in that time. */
const readinessMs = 1_000;

/** Whether a program can work, part by part. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** What the listener serves. */
export interface MetricsListenerOptions {
  /** The interface of prom-client's `Registry`. */
  readonly metrics: { readonly contentType: string; readonly metrics: () => Promise<string> };
  /** Checks the parts; must have a timeout of its own. */
  readonly ready: () => Promise<Readiness>;
  readonly connections: ConnectionBounds;
}

/**
 * Serves probes and metrics as plain HTTP on an address of its own: `/metrics`, `/health`, which says that the process
 * is up, and `/ready`, which responds with 503 and the part that failed.
 */
export function createMetricsListener({ metrics, ready, connections }: MetricsListenerOptions): Server {
  const times = { headersTimeout: timeoutMs, requestTimeout: timeoutMs, connectionsCheckingInterval: timeoutMs / 2 };
  const line = new RequestLine(connections.onReject);
  const examine = onceEvery(readinessMs, ready);
  const pages: Readonly<Record<string, () => Promise<Page>>> = {
    '/metrics': async () => ({ status: 200, type: metrics.contentType, text: await metrics.metrics() }),
    '/health': async () => jsonPage(200, { status: 'ok' }),
    '/ready': async () => {
      const { ready: isReady, checks } = await examine();
      return jsonPage(isReady ? 200 : 503, { status: isReady ? 'ready' : 'unavailable', checks });
    },
  };
  const server = createServer(times, (incoming, outgoing) => {
    ignoreSocketErrors(incoming, outgoing);
    line.enter(incoming, outgoing, () => void respond(pages, incoming, outgoing));
  });
  server.timeout = timeoutMs;
  limitConnections(server, connections);
  return server;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function jsonPage(status: number, content: object): Page {
  return { status, type: 'application/json', text: JSON.stringify(content) };
}

async function respond(
  pages: Readonly<Record<string, () => Promise<Page>>>,
  { method, url = '' }: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const isRead = method === 'GET' || method === 'HEAD';
  const page = isRead && Object.hasOwn(pages, url) ? pages[url] : undefined;
  if (page === undefined) {
    outgoing.writeHead(404).end();
    return;
  }
  try {
    const { status, type, text } = await page();
    const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), 'Cache-Control': 'no-store' };
    outgoing.writeHead(status, headers).end(method === 'HEAD' ? undefined : text);
  } catch {
    outgoing.writeHead(503).end();
  }
}
