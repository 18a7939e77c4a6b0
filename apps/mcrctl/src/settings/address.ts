import { usageError } from '../cli/errors.ts';

/** Default port of the gRPC API, that of the example configuration. */
const usualGrpcPort = 9443;

/**
 * Parses an address to an origin; `host:port` alone means https. `from` is the name for the error, such as `--server`.
 * Throws a usage error.
 */
export function parseAddress(text: string, from: string): string {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url === null) {
    throw usageError(`invalid value "${text}" for ${from}`, 'use a URL such as https://registry.example.com:8443');
  }
  if (url.username || url.password) {
    throw usageError(
      `${from} must not contain a user name or password`,
      `use only host and port: ${url.protocol}//${url.host}`,
    );
  }
  if (url.protocol !== 'https:') {
    throw usageError(
      `invalid value "${text}" for ${from}`,
      `the registry only supports https; try https://${url.host}`,
    );
  }
  if (url.search || url.hash || url.pathname !== '/') {
    throw usageError(`invalid value "${text}" for ${from}`, `use only host and port: ${url.origin}`);
  }
  return url.origin;
}

/** The default gRPC address: the usual port on the same host. */
export function usualGrpcAddress(server: string): string {
  return `https://${new URL(server).hostname}:${usualGrpcPort}`;
}
