import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ConnectionBounds, limitConnections } from './limit-connections.ts';
import { onceEvery } from './once-every.ts';
import { RequestLine } from './request-line.ts';
import { survive } from './survive.ts';

/** Milliseconds for a request, and without a byte in either direction; a scraper needs a fraction of that. */
const timeoutMs = 10_000;
/** Milliseconds that a verdict of readiness holds: a flood of probes costs what one in this time does. */
const readinessMs = 1_000;

/** Whether a program can do its work now, part by part. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** What the listener serves. */
export interface MetricsListenerOptions {
  /** As prom-client's `Registry` has it. */
  readonly metrics: { readonly contentType: string; readonly metrics: () => Promise<string> };
  /** Examines the parts; must have an end of its own. */
  readonly ready: () => Promise<Readiness>;
  readonly connections: ConnectionBounds;
}

/**
 * Serves what a supervisor reads, in plain HTTP, on an address of its own: `/metrics`, `/health`, which says that the
 * process is up, and `/ready`, which says with 503 which part keeps it from its work.
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
    survive(incoming, outgoing);
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
