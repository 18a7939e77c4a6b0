import { isIPv4 } from 'node:net';
import { type Address, formatAddress } from '../addresses.ts';
import type { ConfigProblem } from '../errors.ts';
import type { PartialConfig } from '../read-values.ts';

/**
 * Listeners of mcrsrv that cannot have their addresses both: the second one would find its port taken. Port 0 is a new
 * one each time.
 */
export function checkListeners({ server }: Pick<PartialConfig, 'server'>): ConfigProblem[] {
  return collisions(listenersOfServer(server));
}

/** The same of mcr-web. */
export function checkWebListeners({ web }: Pick<PartialConfig, 'web'>): ConfigProblem[] {
  return collisions(listenersOfWeb(web));
}

/** The same of the web UI and mcrsrv, which may also run on two machines, where there is nothing wrong with it. */
export function webListenerWarnings({ server, web }: Pick<PartialConfig, 'server' | 'web'>): ConfigProblem[] {
  const others = listenersOfServer(server);
  return listenersOfWeb(web).flatMap(([key, address]) =>
    others
      .filter(([, other]) => overlap(address, other))
      .map(([taker, other]) => ({
        key,
        message: `${formatAddress(address)} is taken by ${taker} (${formatAddress(other)}) where both run on one machine; give it another port`,
      })),
  );
}

type Named = readonly [key: string, address: Address];

function listenersOfServer({ listenAddr, grpcAddr, metricsAddr }: PartialConfig['server']): Named[] {
  return named({
    'server.listen_addr': listenAddr,
    'server.grpc_addr': grpcAddr,
    'server.metrics_addr': metricsAddr,
  });
}

function listenersOfWeb({ listenAddr, metricsAddr }: PartialConfig['web']): Named[] {
  return named({ 'web.listen_addr': listenAddr, 'web.metrics_addr': metricsAddr });
}

function collisions(listeners: readonly Named[]): ConfigProblem[] {
  return listeners.flatMap(([key, address], at) => {
    const [taken] = listeners.slice(0, at).filter(([, other]) => overlap(address, other));
    if (taken === undefined) return [];
    const message = `${formatAddress(address)} is taken by ${taken[0]} (${formatAddress(taken[1])}); give it another port`;
    return [{ key, message }];
  });
}

function named(addresses: Readonly<Record<string, Address | undefined>>): Named[] {
  return Object.entries(addresses).flatMap(([key, address]) =>
    address === undefined ? [] : [[key, address] as const],
  );
}

/** Whether two listeners cannot be: `::`, which is also what an empty host means, takes the port of IPv4 as well. */
function overlap(one: Address, other: Address): boolean {
  if (one.port !== other.port || one.port === 0) return false;
  const hosts = [one.host, other.host];
  if (one.host === other.host || hosts.some((host) => host === '' || host === '::')) return true;
  return hosts.includes('0.0.0.0') && hosts.every((host) => isIPv4(host));
}
