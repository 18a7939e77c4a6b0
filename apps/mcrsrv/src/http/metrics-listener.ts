import { createServer, type Server } from 'node:http';
import { type ConnectionBounds, limitConnections } from '@mcr/server-kit';
import type { Registry } from 'prom-client';

/** Milliseconds for a request, and without a byte in either direction; a scraper needs a fraction of that. */
const timeoutMs = 10_000;

/** Serves the metrics at `/metrics`, in plain HTTP, on an address of its own. */
export function createMetricsListener(registry: Registry, connections: ConnectionBounds): Server {
  const times = { headersTimeout: timeoutMs, requestTimeout: timeoutMs, connectionsCheckingInterval: timeoutMs / 2 };
  const server = createServer(times, (incoming, outgoing) => {
    if (incoming.method !== 'GET' || incoming.url !== '/metrics') {
      outgoing.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => outgoing.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => outgoing.writeHead(503).end(),
    );
  });
  server.timeout = timeoutMs;
  limitConnections(server, connections);
  return server;
}
