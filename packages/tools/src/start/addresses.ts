import { type Config, formatAddress } from '@mcr/config';

const everyInterface = new Set(['', '0.0.0.0', '::', '127.0.0.1', '::1']);

/** `host:port` under which this machine reaches a listener; `localhost` is what the generated certificate names. */
export function reachable({ host, port }: Config['server']['listenAddr']): string {
  return formatAddress({ host: everyInterface.has(host) ? 'localhost' : host, port });
}

/** What container clients call the registry: the public URL's host when there is one. */
export function registryName({ server }: Config): string {
  return server.publicUrl === undefined ? reachable(server.listenAddr) : new URL(server.publicUrl).host;
}

/** Where the UI is found. */
export function webUrl({ web }: Config): string {
  return web.publicUrl ?? `${web.tlsCert === undefined ? 'http' : 'https'}://${reachable(web.listenAddr)}`;
}
