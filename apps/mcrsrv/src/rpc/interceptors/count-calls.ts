import type { Interceptor } from '@connectrpc/connect';
import type { InFlight } from '@mcr/server-kit';

/** Counts a call until its method has ended; the only one that streams uses nothing that a shutdown closes. */
export function countCalls(inFlight: InFlight): Interceptor {
  return (next) => async (request) => await inFlight.track(next(request));
}
