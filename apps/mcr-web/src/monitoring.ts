import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import {
  type Certificates,
  connectionBounds,
  createMetricsListener,
  type RequestRecord,
  TrustedProxies,
} from '@mcr/server-kit';
import { HttpMetrics } from '@mcr/server-kit/metrics';
import type { WebContext } from './context.ts';
import { checkReadiness } from './registry/ready.ts';

/** What is counted, and the server that tells it. */
export interface Monitoring {
  readonly metrics: HttpMetrics;
  /** Serves `/metrics`, `/health` and `/ready`. */
  readonly server: Server;
  /** Counts a request that has ended. */
  readonly observe: (incoming: IncomingMessage, outgoing: ServerResponse, record: RequestRecord) => void;
}

/** Metrics and probes of the web UI. Labels hold route templates, never paths, repositories or people. */
export function createMonitoring(context: WebContext, certificates: Certificates | undefined): Monitoring {
  const metrics = new HttpMetrics({
    prefix: 'mcr_web',
    ...(certificates && { certificateNotAfter: () => certificates.notAfter }),
  });
  const { config, log } = context;
  const proxies = new TrustedProxies(config.web.trustedProxies);
  const { connectionsPerAddress: perAddress } = config.limits;
  const server = createMetricsListener({
    metrics: metrics.registry,
    ready: () => checkReadiness(context),
    connections: connectionBounds({ listener: 'metrics', perAddress, proxies, log, metrics }),
  });
  return {
    metrics,
    server,
    observe: ({ method = '' }, { statusCode: status }, { route, startedAt }) =>
      metrics.observe({ method, route, status, startedAt }),
  };
}
