import { usageError } from '../cli/errors.ts';

/** Where the gRPC API is unless told: the port of the example configuration. */
const usualGrpcPort = 9443;

/**
 * Reads an address into an origin; `host:port` alone means https. `from` is what to blame, such as `--server`. Throws a
 * usage error.
 */
export function parseAddress(text: string, from: string): string {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url === null) {
    throw usageError(`${from} cannot be "${text}"`, 'write a URL such as https://registry.example.com:8443');
  }
  if (url.username || url.password) {
    throw usageError(
      `${from} cannot hold a name or a password`,
      `name host and port only: ${url.protocol}//${url.host}`,
    );
  }
  if (url.protocol !== 'https:') {
    throw usageError(`${from} cannot be "${text}"`, `the registry speaks https only; try https://${url.host}`);
  }
  if (url.search || url.hash || url.pathname !== '/') {
    throw usageError(`${from} cannot be "${text}"`, `name host and port only: ${url.origin}`);
  }
  return url.origin;
}

/** The gRPC address of a registry that was not told: the usual port on the same host. */
export function usualGrpcAddress(server: string): string {
  return `https://${new URL(server).hostname}:${usualGrpcPort}`;
}
