import type { Logger } from 'pino';
import type { TrustedProxies } from './client-address.ts';
import { type ConnectionLimits, connectionLimits } from './connection-limit.ts';
import type { ConnectionBounds } from './limit-connections.ts';
import { rejectionLog } from './rejections.ts';

/** What the bounds of a listener depend on, and where rejected connections are reported. */
export interface BoundsOptions {
  readonly listener: keyof ConnectionLimits;
  /** `limits.connections_per_address`; 0 disables the limit. */
  readonly perAddress: number;
  /** Trusted proxies, which are exempt from the limit per address. */
  readonly proxies: TrustedProxies;
  readonly log: Pick<Logger, 'warn'>;
  /** Number of workers that share the listener (default: 1). */
  readonly workers?: number;
  readonly metrics?: { rejectConnection(listener: string, reason: string): void } | undefined;
}

/** Bounds on the connections of a listener; rejected ones are counted and logged. */
export function connectionBounds(options: BoundsOptions): ConnectionBounds {
  const { listener, perAddress, proxies, log, workers, metrics } = options;
  const report = rejectionLog((line) => log.warn({ listener, ...line }, 'connections rejected'));
  return {
    total: connectionLimits(undefined, workers)[listener],
    perAddress,
    isExempt: (address) => proxies.trusts(address),
    onReject: (reason, address) => {
      metrics?.rejectConnection(listener, reason);
      report(reason, address);
    },
  };
}
