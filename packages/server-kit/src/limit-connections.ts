import type { Server, Socket } from 'node:net';
import { plainAddress } from './client-address.ts';
import { networkOf } from './network-of.ts';
import type { OnReject } from './rejections.ts';

/** Maximum numbers of connections to a server. */
export interface ConnectionBounds {
  /** Of all clients together. */
  readonly total: number;
  /**
   * Of one client, an IPv4 address or the /64 of an IPv6 one, but never more than half of the total; 0 disables the
   * limit.
   */
  readonly perAddress: number;
  /** Whether an address is exempt, such as a proxy that forwards the requests of many clients. */
  readonly isExempt: (address: string) => boolean;
  readonly onReject: OnReject;
}

/**
 * Closes connections beyond the bounds before a byte is read; open ones are not affected. It wraps the current
 * `connection` listeners of the server, so call it after creating the server and before listening.
 */
export function limitConnections(server: Server, { total, perAddress, isExempt, onReject }: ConnectionBounds): void {
  const most = perAddress === 0 ? Number.POSITIVE_INFINITY : Math.min(perAddress, Math.max(1, Math.floor(total / 2)));
  const open = new Map<string, number>();
  server.maxConnections = total;
  // A worker of node:cluster would pass the connection on to another one, which may be as full, and so on for ever.
  Object.assign(server, { dropMaxConnection: true });
  server.on('drop', (dropped) => onReject('total', dropped?.remoteAddress ?? ''));
  // TLS would begin its handshake, so only accepted connections are passed on to it.
  const accept = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket) => {
    const peer = plainAddress(socket.remoteAddress ?? '');
    const address = networkOf(peer);
    const before = open.get(address) ?? 0;
    if (before >= most && !isExempt(peer)) {
      onReject('address', peer);
      socket.on('error', () => {});
      socket.resetAndDestroy();
      return;
    }
    open.set(address, before + 1);
    socket.once('close', () => {
      const left = open.get(address)! - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    for (const listener of accept) listener.call(server, socket);
  });
}
