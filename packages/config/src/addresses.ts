import { isIPv4, isIPv6 } from 'node:net';

/** An address to listen on or to connect to. An empty host means all interfaces. */
export interface Address {
  /** Name or IP address, IPv6 without its brackets. */
  readonly host: string;
  /** 0 to 65535; a listener on port 0 gets a free port from the system. */
  readonly port: number;
}

const addressPattern = /^(?:\[(?<ipv6>[^\]]*)\]|(?<host>[^:[\]]*)):(?<port>\d{1,5})$/;
const hostnamePattern =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const dottedNumbersPattern = /^[\d.]+$/;
const maxPort = 65_535;

/** Parses `host:port`, `:port` or `[ipv6]:port`; undefined if invalid. */
export function parseAddress(text: string): Address | undefined {
  const parts = addressPattern.exec(text)?.groups;
  if (!parts) return undefined;
  const port = Number(parts.port);
  if (port > maxPort) return undefined;
  if (parts.ipv6 !== undefined) return isIPv6(parts.ipv6) ? { host: parts.ipv6, port } : undefined;
  const host = parts.host ?? '';
  return host === '' || isHost(host) ? { host, port } : undefined;
}

/** Formats an address so that {@link parseAddress} can parse it. */
export function formatAddress({ host, port }: Address): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

function isHost(host: string): boolean {
  return dottedNumbersPattern.test(host) ? isIPv4(host) : hostnamePattern.test(host);
}
