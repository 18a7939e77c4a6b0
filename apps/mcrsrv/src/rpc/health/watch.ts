import { type Health, HealthCheckResponse_ServingStatus as Status } from '@mcr/rpc/grpc/health/v1/health_pb';
import { type PlaceBounds, Places, tooManyRequests } from '@mcr/server-kit';
import { callRecord, connectionOf } from '../call.ts';
import type { Method } from '../method.ts';
import { healthNames, servingStatus } from './services.ts';

/**
 * Watchers at a time, about 45 kB each. A machine whose clients check health by themselves has one for each of its
 * connections; one connection has no use for more than one of each service.
 */
const bounds: PlaceBounds = { total: 1_024, perAddress: 64, perConnection: 4 };
const where: Readonly<Record<keyof PlaceBounds, string>> = {
  total: 'here',
  perAddress: 'at this address',
  perConnection: 'on this connection',
};
/** Milliseconds until it is worth trying again: watchers stay. */
const retryMs = 60_000;

export const watch: Method<typeof Health, 'watch'> = ({ stopping }) => {
  const watchers = new Places(bounds);
  return async function* ({ service }, context) {
    const { signal } = context;
    if (signal.aborted) return;
    const entry = watchers.enter(callRecord(context).ip, connectionOf(context));
    if ('full' in entry) {
      const message = `Too many watchers ${where[entry.full]}; call Check every few seconds instead`;
      throw tooManyRequests(message, retryMs);
    }
    const { leave } = entry;
    // A client that reads nothing never lets the stream go on to its end.
    signal.addEventListener('abort', leave, { once: true });
    try {
      const isKnown = healthNames.includes(service);
      const now = () => ({ status: isKnown ? servingStatus(stopping) : Status.SERVICE_UNKNOWN });
      yield now();
      if (stopping.aborted) return;
      await firstOf(stopping, signal);
      if (!signal.aborted && isKnown) yield now();
    } finally {
      leave();
    }
  };
};

async function firstOf(...signals: AbortSignal[]): Promise<void> {
  const either = AbortSignal.any(signals);
  if (either.aborted) return;
  await new Promise<void>((resolve) => either.addEventListener('abort', () => resolve(), { once: true }));
}
