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

/** The metrics, and the server that exposes them. */
export interface Monitoring {
  readonly metrics: HttpMetrics;
  /** Serves `/metrics`, `/health` and `/ready`. */
  readonly server: Server;
  /** Counts a finished request. */
  readonly observe: (incoming: IncomingMessage, outgoing: ServerResponse, record: RequestRecord) => void;
}

/** Metrics and probes of the web UI. Labels contain route templates, never paths, repositories or users. */
export function createMonitoring(context: WebContext, certificates: Certificates | undefined): Monitoring {
  const metrics = new HttpMetrics({
    prefix: 'mcr_web',
    streams: () => context.live.size,
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
      metrics.observe({ method, route, status, startedAt: isStream(route) ? undefined : startedAt }),
  };
}

function isStream(route: string | undefined): boolean {
  return route?.startsWith('/live/') === true;
}
