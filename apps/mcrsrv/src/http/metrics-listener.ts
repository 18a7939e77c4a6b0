import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';

/** Serves the metrics at `/metrics`, in plain HTTP, on an address of its own. */
export function createMetricsListener(registry: Registry): Server {
  return createServer((incoming, outgoing) => {
    if (incoming.method !== 'GET' || incoming.url !== '/metrics') {
      outgoing.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => outgoing.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => outgoing.writeHead(503).end(),
    );
  });
}
