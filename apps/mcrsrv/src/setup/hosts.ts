import { isIP } from 'node:net';

/** What the server's certificate is always valid for. */
const loopbackHosts = ['localhost', '127.0.0.1', '::1'];

const dnsNamePattern =
  /^(?=.{1,253}$)(?:\*\.)?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const dottedNumbersPattern = /^[\d.]+$/;

/**
 * The loopback and the hosts given, each once, in lower case.
 * @throws Error naming the first that is neither a DNS name nor an IP address
 */
export function certificateHosts(hosts: readonly string[]): string[] {
  const names = hosts.map((host) => host.toLowerCase());
  const invalid = names.find((name) => !isHost(name));
  if (invalid !== undefined) {
    throw new Error(
      `${JSON.stringify(invalid)} is not a host; give a DNS name or an IP address without scheme and port, such as registry.example.com`,
    );
  }
  return [...new Set([...loopbackHosts, ...names])];
}

function isHost(name: string): boolean {
  if (name.includes('%')) return false;
  return isIP(name) !== 0 || (dnsNamePattern.test(name) && !dottedNumbersPattern.test(name));
}
