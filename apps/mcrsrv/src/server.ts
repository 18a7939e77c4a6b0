import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Address } from '@mcr/config';
import { createApp } from './app.ts';
import type { AppContext } from './context.ts';
import { TrustedProxies } from './http/client-address.ts';
import { createListener } from './http/listener.ts';
import { createMetricsListener } from './http/metrics-listener.ts';
import { PublicOrigin } from './http/public-origin.ts';
import { logRequest } from './http/request-log.ts';
import { closeGracefully } from './http/shutdown.ts';

/** A server that accepts connections; disposing it lets transfers in flight finish. */
export interface RunningServer extends AsyncDisposable {
  readonly address: AddressInfo;
  readonly metricsAddress: AddressInfo | undefined;
}

/** Starts the listeners of the registry. The context stays the caller's, to be disposed after the server. */
export async function createServer(context: AppContext): Promise<RunningServer> {
  const { config, services, certificates, metrics } = context;
  const { server: settings } = config;
  const { log } = services;
  const proxies = new TrustedProxies(settings.trustedProxies);
  const origin = new PublicOrigin(settings.publicUrl, proxies);
  const app = createApp(services, { origin, service: config.mcias.serviceName, log });

  const listener = createListener({
    fetch: (request, bindings) => app.fetch(request, bindings),
    certificates,
    proxies,
    readTimeout: settings.readTimeout,
    writeTimeout: settings.writeTimeout,
    idleTimeout: settings.idleTimeout,
    onEnd: (incoming, outgoing, record) => {
      const sent = Number(outgoing.getHeader('content-length') ?? 0);
      const bytesOut = incoming.method === 'HEAD' ? 0 : sent;
      logRequest(log, incoming, outgoing, record, bytesOut);
      metrics.observe(incoming, outgoing, record, bytesOut);
    },
    log,
  });
  const metricsListener = settings.metricsAddr && createMetricsListener(metrics.registry);

  await listen(listener, settings.listenAddr);
  if (metricsListener && settings.metricsAddr) await listen(metricsListener, settings.metricsAddr);
  const address = listener.address() as AddressInfo;
  log.info({ address: address.address, port: address.port }, 'listening');
  return {
    address,
    metricsAddress: metricsListener?.address() as AddressInfo | undefined,
    async [Symbol.asyncDispose]() {
      log.info({ timeoutMs: settings.shutdownTimeout }, 'stopping, transfers in flight may finish');
      await closeGracefully(listener, settings.shutdownTimeout);
      if (metricsListener) await closeGracefully(metricsListener, settings.shutdownTimeout);
    },
  };
}

async function listen(server: Server, { host, port }: Address): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host !== '' && { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
