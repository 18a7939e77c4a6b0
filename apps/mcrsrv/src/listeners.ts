import type { Server as HttpServer } from 'node:http';
import type { Server } from 'node:https';
import {
  type ConnectionBounds,
  connectionBounds,
  createMetricsListener,
  type InFlight,
  TrustedProxies,
} from '@mcr/server-kit';
import { operations } from './admin/operations.ts';
import { createApp } from './app.ts';
import type { AppContext } from './context.ts';
import { createGrpcListener, type GrpcListener } from './http/grpc-listener.ts';
import { createListener, type ListenerOptions } from './http/listener.ts';
import { Locations } from './http/locations.ts';
import { PublicOrigin } from './http/public-origin.ts';
import { requestLog } from './http/request-log.ts';
import { QuickPulls } from './oci/quick-pulls.ts';
import { createRpcHandler } from './rpc/app.ts';
import { callStatus, logCall } from './rpc/log-call.ts';
import { checkReadiness } from './services/health/ready.ts';

/** The public listener: OCI, token endpoint, REST. Its handlers are counted in `inFlight`. */
export function createRegistryListener(context: AppContext, inFlight: InFlight): Server {
  const { config, services, certificates, metrics } = context;
  const { log } = services;
  const proxies = new TrustedProxies(config.server.trustedProxies);
  const origin = new PublicOrigin(config.server.publicUrl, proxies);
  const locations = new Locations(config.server.publicUrl);
  const logRequest = requestLog(log);
  const onEnd: ListenerOptions['onEnd'] = (incoming, outgoing, record) => {
    const announced = incoming.method === 'HEAD' ? 0 : lengthOf(outgoing.getHeader('content-length'));
    const bytesOut = record.bytesOut ?? announced;
    logRequest(incoming, outgoing, record, bytesOut);
    metrics.observe({
      method: incoming.method ?? '',
      route: record.route,
      status: outgoing.statusCode,
      challenged: record.challenged === true,
      startedAt: record.startedAt,
      bytesIn: record.bytesIn,
      bytesOut,
    });
  };
  const quickPulls = new QuickPulls(services, onEnd);
  const app = createApp(services, { origin, service: config.mcias.serviceName, locations }, quickPulls);
  return createListener({
    respondQuickly: (incoming, outgoing) => quickPulls.respond(incoming, outgoing),
    route: (request, bindings) => inFlight.track(app.fetch(request, bindings)),
    certificates,
    proxies,
    connections: boundsOf(context, 'registry', proxies),
    readTimeout: config.server.readTimeout,
    writeTimeout: config.server.writeTimeout,
    idleTimeout: config.server.idleTimeout,
    onEnd,
    log,
  });
}

/** What the RPCs need to know of the server around them. */
export interface RpcSurroundings {
  /** Aborted when the server begins to shut down. */
  readonly stopping: AbortSignal;
  /** Where calls are counted. */
  readonly inFlight: InFlight;
}

/** The listener of the RPCs. */
export function createRpcListener(context: AppContext, surroundings: RpcSurroundings): GrpcListener {
  const { config, services, certificates, metrics } = context;
  const { log } = services;
  const proxies = new TrustedProxies(config.server.trustedProxies);
  return createGrpcListener({
    handle: createRpcHandler({ services, operations, ...surroundings }),
    certificates,
    proxies,
    connections: boundsOf(context, 'rpc', proxies),
    readTimeout: config.server.readTimeout,
    idleTimeout: config.server.idleTimeout,
    onEnd: (incoming, outgoing, record) => {
      logCall(log, incoming, outgoing, record);
      metrics.observe({
        // Every RPC is a POST. HTTP/2 lets a client make up methods, and each label lives as long as the process.
        method: incoming.method === 'POST' ? 'POST' : 'other',
        route: record.route,
        status: callStatus(record, outgoing.statusCode),
        challenged: record.challenged === true,
        startedAt: record.startedAt,
        bytesIn: lengthOf(incoming.headers['content-length']),
        bytesOut: lengthOf(outgoing.getHeader('content-length')),
      });
    },
    log,
  });
}

/** The listener of metrics and probes. */
export function createScrapeListener(context: AppContext): HttpServer {
  const proxies = new TrustedProxies(context.config.server.trustedProxies);
  return createMetricsListener({
    metrics: context.metrics.registry,
    ready: () => checkReadiness(context.services),
    connections: boundsOf(context, 'metrics', proxies),
  });
}

function boundsOf(
  { config, services, metrics, workers }: AppContext,
  listener: 'registry' | 'rpc' | 'metrics',
  proxies: TrustedProxies,
): ConnectionBounds {
  const { connectionsPerAddress: perAddress } = config.limits;
  return connectionBounds({ listener, perAddress, proxies, log: services.log, workers, metrics });
}

function lengthOf(header: number | string | readonly string[] | undefined): number {
  return Number(header ?? 0);
}
