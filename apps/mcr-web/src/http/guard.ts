import type { IncomingMessage } from 'node:http';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
const host = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,252}[a-zA-Z0-9])?|\[[0-9a-fA-F:.]{2,45}\])(?::[0-9]{1,5})?$/;

/** Status to refuse a request with before routing: pages are read, and forms sent, at a path on one plain host. */
export function refusal({ method = '', url = '', headersDistinct }: IncomingMessage): 400 | 405 | undefined {
  if (!methods.has(method)) return 405;
  const hosts = headersDistinct.host ?? [];
  return url.startsWith('/') && hosts.length === 1 && host.test(hosts[0] ?? '') ? undefined : 400;
}
