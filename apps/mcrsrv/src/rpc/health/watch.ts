import { type Health, HealthCheckResponse_ServingStatus as Status } from '@mcr/rpc/grpc/health/v1/health_pb';
import type { Method } from '../method.ts';
import { healthNames, servingStatus } from './services.ts';

export const watch: Method<typeof Health, 'watch'> = ({ stopping }) =>
  async function* ({ service }, { signal }) {
    const isKnown = healthNames.includes(service);
    const now = () => ({ status: isKnown ? servingStatus(stopping) : Status.SERVICE_UNKNOWN });
    yield now();
    if (stopping.aborted) return;
    await firstOf(stopping, signal);
    if (!signal.aborted && isKnown) yield now();
  };

async function firstOf(...signals: AbortSignal[]): Promise<void> {
  const either = AbortSignal.any(signals);
  if (either.aborted) return;
  await new Promise<void>((resolve) => either.addEventListener('abort', () => resolve(), { once: true }));
}
