import type { Server, Socket } from 'node:net';
import { plainAddress } from './client-address.ts';
import { networkOf } from './network-of.ts';
import type { OnReject } from './rejections.ts';

/** How many connections a server takes at a time. */
export interface ConnectionBounds {
  /** Of all clients together. */
  readonly total: number;
  /** Of one client, an IPv4 address or the /64 of an IPv6 one, but never more than half of the total; 0 is no limit. */
  readonly perAddress: number;
  /** Whether an address may have more, as a proxy does that passes on what many clients ask. */
  readonly isExempt: (address: string) => boolean;
  readonly onReject: OnReject;
}

/**
 * Closes connections beyond the bounds before a byte of them is read; those that are open are left alone. Begins at the
 * front of what listens to the server's connections now, so it comes after the server is made and before it listens.
 */
export function limitConnections(server: Server, { total, perAddress, isExempt, onReject }: ConnectionBounds): void {
  const most = perAddress === 0 ? Number.POSITIVE_INFINITY : Math.min(perAddress, Math.max(1, Math.floor(total / 2)));
  const open = new Map<string, number>();
  server.maxConnections = total;
  server.on('drop', (dropped) => onReject('total', dropped?.remoteAddress ?? ''));
  // TLS would begin its handshake: only who is taken is passed on to it.
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
