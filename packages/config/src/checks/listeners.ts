import { isIPv4 } from 'node:net';
import { type Address, formatAddress } from '../addresses.ts';
import type { ConfigProblem } from '../errors.ts';
import type { PartialConfig } from '../read-values.ts';

/**
 * Listeners of mcrsrv that cannot have their addresses both: the second one would find its port taken. Port 0 is a new
 * one each time.
 */
export function checkListeners({ server }: Pick<PartialConfig, 'server'>): ConfigProblem[] {
  const { listenAddr, grpcAddr, metricsAddr } = server;
  const listeners = named({
    'server.listen_addr': listenAddr,
    'server.grpc_addr': grpcAddr,
    'server.metrics_addr': metricsAddr,
  });
  return listeners.flatMap(([key, address], at) => {
    const [taken] = listeners.slice(0, at).filter(([, other]) => overlap(address, other));
    if (taken === undefined) return [];
    const message = `${formatAddress(address)} is taken by ${taken[0]} (${formatAddress(taken[1])}); give it another port`;
    return [{ key, message }];
  });
}

/** The same of the web UI, which may also run elsewhere with this file, where there is nothing wrong with it. */
export function webListenerWarnings({ server, web }: Pick<PartialConfig, 'server' | 'web'>): ConfigProblem[] {
  const { listenAddr, grpcAddr, metricsAddr } = server;
  if (web.listenAddr === undefined) return [];
  const { listenAddr: address } = web;
  const others = named({
    'server.listen_addr': listenAddr,
    'server.grpc_addr': grpcAddr,
    'server.metrics_addr': metricsAddr,
  });
  const taken = others.filter(([, other]) => overlap(address, other));
  return taken.map(([key, other]) => ({
    key: 'web.listen_addr',
    message: `${formatAddress(address)} is taken by ${key} (${formatAddress(other)}) where both run on one machine; give it another port`,
  }));
}

function named(addresses: Readonly<Record<string, Address | undefined>>): (readonly [string, Address])[] {
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
