import type { ServiceImpl } from '@connectrpc/connect';
import { RegistryError } from '@mcr/core';
import { Health, HealthCheckResponse_ServingStatus as Status } from '@mcr/rpc/grpc/health/v1/health_pb';
import { type PlaceBounds, Places, tooManyRequests } from '@mcr/server-kit';
import { callRecord, connectionOf } from './call.ts';

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

/**
 * The health protocol of gRPC (https://github.com/grpc/grpc/blob/master/doc/health-checking.md) for the services of these names;
 * the empty name is the server as a whole. All of them stop together, when `stopping` is aborted.
 */
export function healthService(services: readonly string[], stopping: AbortSignal): ServiceImpl<typeof Health> {
  const names = new Set(['', ...services, Health.typeName]);
  const watchers = new Places(bounds);
  const now = () => ({ status: stopping.aborted ? Status.NOT_SERVING : Status.SERVING });
  return {
    check({ service }) {
      if (!names.has(service)) throw new RegistryError('NOT_FOUND', 'There is no such service');
      return now();
    },
    list: () => ({ statuses: Object.fromEntries([...names].map((name) => [name, now()])) }),
    async *watch({ service }, context) {
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
        const isKnown = names.has(service);
        yield isKnown ? now() : { status: Status.SERVICE_UNKNOWN };
        if (stopping.aborted) return;
        await firstOf(stopping, signal);
        if (!signal.aborted && isKnown) yield now();
      } finally {
        leave();
      }
    },
  };
}

async function firstOf(...signals: AbortSignal[]): Promise<void> {
  const either = AbortSignal.any(signals);
  if (either.aborted) return;
  await new Promise<void>((resolve) => either.addEventListener('abort', () => resolve(), { once: true }));
}
