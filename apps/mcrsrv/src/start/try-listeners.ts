import { type Address, type Config, type ConfigProblem, listenError } from '@mcr/config';
import { tryListen } from '@mcr/server-kit';

/** The listeners of a server by the keys of their addresses. */
export function listenersOf({ server }: Config): (readonly [key: string, address: Address])[] {
  const { listenAddr, grpcAddr, metricsAddr } = server;
  const all = { 'server.listen_addr': listenAddr, 'server.grpc_addr': grpcAddr, 'server.metrics_addr': metricsAddr };
  return Object.entries(all).flatMap(([key, address]) => (address === undefined ? [] : [[key, address] as const]));
}

/** What a start would say of its listeners. */
export interface ListenerFindings {
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Takes each address for a moment, and says which ones a server could not have. While one runs, `isRunning`, those that
 * are taken are taken by it. A port that takes a privilege is a warning: a service manager may give that to the server.
 */
export async function tryListeners(config: Config, isRunning: boolean): Promise<ListenerFindings> {
  const problems: ConfigProblem[] = [];
  const warnings: ConfigProblem[] = [];
  for (const [key, address] of listenersOf(config)) {
    const error = await tryListen(address);
    if (error === undefined || (isRunning && error.code === 'EADDRINUSE')) continue;
    (error.code === 'EACCES' ? warnings : problems).push(...listenError(key, address, error).problems);
  }
  return { problems, warnings };
}
