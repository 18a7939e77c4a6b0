import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Decides which proxies are trusted to name the client of a request. */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #isEmpty: boolean;

  /** `networks` are addresses and CIDR ranges of the proxies in front of this server. */
  constructor(networks: readonly string[]) {
    this.#isEmpty = networks.length === 0;
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(bits), family);
    }
  }

  trusts(address: string): boolean {
    if (this.#isEmpty) return false;
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && this.#list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  }

  /** The client's address: the peer's or, behind trusted proxies, the last one in X-Forwarded-For that is not a proxy. */
  clientAddress(incoming: Pick<IncomingMessage, 'headers' | 'socket'>): string {
    const peer = plainAddress(incoming.socket.remoteAddress ?? '');
    if (!this.trusts(peer)) return peer;
    const hops = String(incoming.headers['x-forwarded-for'] ?? '').split(',');
    for (const hop of hops.reverse()) {
      const address = plainAddress(hop.trim());
      if (isIP(address) === 0) return peer;
      if (!this.trusts(address)) return address;
    }
    return peer;
  }
}

/** `::ffff:10.0.0.1` is the IPv4 address 10.0.0.1. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
