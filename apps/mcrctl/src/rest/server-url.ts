import { usageError } from '../cli/errors.ts';

/** Reads the value of `--server` into an origin; `host:port` alone means https. Throws a usage error. */
export function parseServer(text: string | undefined): string {
  if (!text) {
    throw usageError(
      'no registry is named',
      'add --server, such as --server https://localhost:8443, or set MCR_SERVER',
    );
  }
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url === null) {
    throw usageError(`--server cannot be "${text}"`, 'write a URL such as https://registry.example.com:8443');
  }
  if (url.protocol !== 'https:') {
    throw usageError(`--server cannot be "${text}"`, `the registry speaks https only; try https://${url.host}`);
  }
  if (url.username || url.password || url.search || url.hash || url.pathname !== '/') {
    throw usageError(`--server cannot be "${text}"`, `name host and port only: ${url.origin}`);
  }
  return url.origin;
}
