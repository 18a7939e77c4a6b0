import type { IncomingMessage } from 'node:http';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
const host = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,252}[a-zA-Z0-9])?|\[[0-9a-fA-F:.]{2,45}\])(?::[0-9]{1,5})?$/;

/** Status to refuse a request with before routing: pages are read, and forms sent, at a path on one plain host. */
export function refusal({ method = '', url = '', headersDistinct }: IncomingMessage): 400 | 405 | undefined {
  if (!methods.has(method)) return 405;
  const hosts = headersDistinct.host ?? [];
  const [name = ''] = hosts;
  // Some that look like hosts are none, such as 927.0.0.1 and a port of 99999.
  const isHost = hosts.length === 1 && host.test(name) && URL.canParse(`https://${name}`);
  return url.startsWith('/') && isHost ? undefined : 400;
}
