import type { AddressInfo } from 'node:net';
import type { Address } from '@mcr/config';
import { InFlight, Listeners } from '@mcr/server-kit';
import type { AppContext } from './context.ts';
import { createRegistryListener, createRpcListener, createScrapeListener } from './listeners.ts';

/** How long what lost its client at the end may take to put away what it has: an fsync of a slow disk, and a commit. */
const putAwayMs = 10_000;

/** A server that accepts connections; disposing it lets transfers and calls in flight finish. */
export interface RunningServer extends AsyncDisposable {
  readonly address: AddressInfo;
  readonly grpcAddress: AddressInfo | undefined;
  readonly metricsAddress: AddressInfo | undefined;
}

/** Starts the listeners of the registry. The context stays the caller's, to be disposed after the server. */
export async function createServer(context: AppContext): Promise<RunningServer> {
  const { listenAddr, grpcAddr, metricsAddr, shutdownTimeout } = context.config.server;
  const { log } = context.services;
  const stopping = new AbortController();
  const inFlight = new InFlight();
  const listeners = new Listeners(shutdownTimeout);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await listeners[Symbol.asyncDispose]();
    const left = await inFlight.settled(putAwayMs);
    if (left > 0) log.error({ left }, 'requests are still at work, and lose what they work with');
  };

  const startRegistry = async (): Promise<AddressInfo> => {
    const registry = createRegistryListener(context, inFlight);
    const cut = () => registry.closeAllConnections();
    const found = await listeners.open(registry, { key: 'server.listen_addr', address: listenAddr, cut });
    context.services.endpoint.port = found.port;
    return found;
  };
  const startRpc = async (address: Address): Promise<AddressInfo> => {
    const { server, cut } = createRpcListener(context, { stopping: stopping.signal, inFlight });
    return await listeners.open(server, { key: 'server.grpc_addr', address, cut });
  };
  const startMetrics = async (address: Address): Promise<AddressInfo> => {
    const metrics = createScrapeListener(context);
    const cut = () => metrics.closeAllConnections();
    return await listeners.open(metrics, { key: 'server.metrics_addr', address, cut });
  };

  try {
    const address = await startRegistry();
    const grpcAddress = grpcAddr && (await startRpc(grpcAddr));
    const metricsAddress = metricsAddr && (await startMetrics(metricsAddr));
    log.info({ address: address.address, port: address.port, grpcPort: grpcAddress?.port }, 'listening');
    const dispose = async (): Promise<void> => {
      log.info({ timeoutMs: shutdownTimeout }, 'stopping, transfers in flight may finish');
      await stop();
    };
    return { address, grpcAddress, metricsAddress, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await stop();
    throw error;
  }
}
