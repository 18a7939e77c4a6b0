import type { AddressInfo } from 'node:net';
import type { Address } from '@mcr/config';
import { InFlight, Listeners } from '@mcr/server-kit';
import type { AppContext } from './context.ts';
import { createRegistryListener, createRpcListener, createScrapeListener } from './listeners.ts';
import { growYoungGeneration } from './young-generation.ts';

/** How long what lost its client at the end may take to put away what it has: an fsync of a slow disk, and a commit. */
export const putAwayMs = 10_000;

/** Where a server accepts connections, for its log. */
export interface Listening {
  readonly address: string;
  readonly port: number;
  readonly grpcPort: number | undefined;
}

/** A server that accepts connections; disposing it lets transfers and calls in flight finish. */
export interface RunningServer extends AsyncDisposable {
  /** Stops accepting, and resolves when all connections have ended: each after its next response, or when it is idle. */
  drain(): Promise<void>;
  readonly address: AddressInfo;
  readonly grpcAddress: AddressInfo | undefined;
  readonly metricsAddress: AddressInfo | undefined;
}

/** Why a registry stops by itself. */
export const storageFailed =
  'The storage did not confirm a write; the registry stops, so that nothing is acknowledged falsely';

/** The addresses of a server as the log has them. */
export function listeningOn({ address, grpcAddress }: RunningServer): Listening {
  return { address: address.address, port: address.port, grpcPort: grpcAddress?.port };
}

/** Starts the listeners of the registry. The context stays the caller's, to be disposed after the server. */
export async function createServer(context: AppContext): Promise<RunningServer> {
  const { listenAddr, grpcAddr, metricsAddr, shutdownTimeout } = context.config.server;
  const { log } = context.services;
  const stopping = new AbortController();
  const inFlight = new InFlight();
  const listeners = new Listeners(shutdownTimeout);
  const young = growYoungGeneration();
  const stop = async (): Promise<void> => {
    young[Symbol.dispose]();
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
    const { server, ...ends } = createRpcListener(context, { stopping: stopping.signal, inFlight });
    return await listeners.open(server, { key: 'server.grpc_addr', address, ...ends });
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
    const drain = async (): Promise<void> => {
      stopping.abort();
      await listeners.drain();
    };
    return { address, grpcAddress, metricsAddress, drain, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
