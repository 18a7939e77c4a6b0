import { isIPv4 } from 'node:net';
import { type Address, formatAddress } from '../addresses.ts';
import type { ConfigProblem } from '../errors.ts';
import type { PartialConfig } from '../read-values.ts';

/**
 * Reports listeners of mcrsrv with conflicting addresses: the second one would find its port in use. Port 0 is a new
 * port each time.
 */
export function checkListeners({ server }: Pick<PartialConfig, 'server'>): ConfigProblem[] {
  return collisions(listenersOfServer(server));
}

/** The same for mcr-web. */
export function checkWebListeners({ web }: Pick<PartialConfig, 'web'>): ConfigProblem[] {
  return collisions(listenersOfWeb(web));
}

/** The same for mcr-web and mcrsrv together; these may also run on two machines, where there is no conflict. */
export function webListenerWarnings({ server, web }: Pick<PartialConfig, 'server' | 'web'>): ConfigProblem[] {
  const others = listenersOfServer(server);
  return listenersOfWeb(web).flatMap(([key, address]) =>
    others
      .filter(([, other]) => overlap(address, other))
      .map(([taker, other]) => ({
        key,
        message: `${formatAddress(address)} is already used by ${taker} (${formatAddress(other)}) if both run on one machine; choose another port`,
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
    const message = `${formatAddress(address)} is already used by ${taken[0]} (${formatAddress(taken[1])}); choose another port`;
    return [{ key, message }];
  });
}

function named(addresses: Readonly<Record<string, Address | undefined>>): Named[] {
  return Object.entries(addresses).flatMap(([key, address]) =>
    address === undefined ? [] : [[key, address] as const],
  );
}

/** Whether two addresses conflict: `::`, which an empty host means as well, includes the port of IPv4. */
function overlap(one: Address, other: Address): boolean {
  if (one.port !== other.port || one.port === 0) return false;
  const hosts = [one.host, other.host];
  if (one.host === other.host || hosts.some((host) => host === '' || host === '::')) return true;
  return hosts.includes('0.0.0.0') && hosts.every((host) => isIPv4(host));
}
