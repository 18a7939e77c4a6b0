import type { Logger } from 'pino';
import type { TrustedProxies } from './client-address.ts';
import { type ConnectionLimits, connectionLimits } from './connection-limit.ts';
import type { ConnectionBounds } from './limit-connections.ts';
import { rejectionLog } from './rejections.ts';

/** What the bounds of a listener depend on, and who is told of connections beyond them. */
export interface BoundsOptions {
  readonly listener: keyof ConnectionLimits;
  /** `limits.connections_per_address`; 0 is no limit. */
  readonly perAddress: number;
  /** They may have any number. */
  readonly proxies: TrustedProxies;
  readonly log: Pick<Logger, 'warn'>;
  readonly metrics?: { rejectConnection(listener: string, reason: string): void } | undefined;
}

/** How many connections a listener takes; what it closes is counted and logged. */
export function connectionBounds({ listener, perAddress, proxies, log, metrics }: BoundsOptions): ConnectionBounds {
  const tell = rejectionLog((line) => log.warn({ listener, ...line }, 'connections rejected'));
  return {
    total: connectionLimits()[listener],
    perAddress,
    isExempt: (address) => proxies.trusts(address),
    onReject: (reason, address) => {
      metrics?.rejectConnection(listener, reason);
      tell(reason, address);
    },
  };
}
