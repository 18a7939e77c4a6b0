import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ConnectionBounds, limitConnections, RequestLine } from '@mcr/server-kit';
import type { Registry } from 'prom-client';

/** Milliseconds for a request, and without a byte in either direction; a scraper needs a fraction of that. */
const timeoutMs = 10_000;

/** Serves the metrics at `/metrics`, in plain HTTP, on an address of its own. */
export function createMetricsListener(registry: Registry, connections: ConnectionBounds): Server {
  const times = { headersTimeout: timeoutMs, requestTimeout: timeoutMs, connectionsCheckingInterval: timeoutMs / 2 };
  const line = new RequestLine(connections.onReject);
  const respond = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    if (incoming.method !== 'GET' || incoming.url !== '/metrics') {
      outgoing.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => outgoing.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => outgoing.writeHead(503).end(),
    );
  };
  const server = createServer(times, (incoming, outgoing) => {
    line.enter(incoming, outgoing, () => respond(incoming, outgoing));
  });
  server.timeout = timeoutMs;
  limitConnections(server, connections);
  return server;
}
