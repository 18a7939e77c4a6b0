import type { IncomingMessage } from 'node:http';
import { isHost, type TrustedProxies } from '@mcr/server-kit';

/** Tells under which origin a client reached the registry, for URLs that must be absolute. */
export class PublicOrigin {
  readonly #configured: string | undefined;
  readonly #proxies: TrustedProxies;

  /** `configured` is `server.public_url`, an origin without a slash at its end; when set, no header has a say. */
  constructor(configured: string | undefined, proxies: TrustedProxies) {
    this.#configured = configured;
    this.#proxies = proxies;
  }

  /** Such as `https://registry.example.net:8443`. The Host header has passed the listener's grammar. */
  of(incoming: IncomingMessage): string {
    if (this.#configured !== undefined) return this.#configured;
    const direct = `https://${incoming.headers.host}`;
    if (!this.#proxies.trusts(incoming.socket.remoteAddress ?? '')) return direct;
    const proto = incoming.headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
    const forwarded = incoming.headers['x-forwarded-host'];
    const name = typeof forwarded === 'string' && isHost(forwarded) ? forwarded : incoming.headers.host;
    return `${proto}://${name}`;
  }
}
