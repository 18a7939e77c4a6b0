import type { HandlerContext } from '@connectrpc/connect';
import { authenticate } from '../../http/authenticate.ts';
import { acceptCaller } from '../../http/grpc-listener.ts';
import type { ServiceContext } from '../../services/context.ts';
import { accessOf } from '../access.ts';
import { incomingOf, setCaller } from '../call.ts';

/** Finds out who calls, unless the method is open to everybody. `UNAUTHORIZED`, `UNAVAILABLE`, `TOOMANYREQUESTS`. */
export async function authenticateCall(services: ServiceContext, context: HandlerContext): Promise<void> {
  if (accessOf(context.method) === 'public') return;
  const incoming = incomingOf(context);
  setCaller(context, await authenticate(services, incoming));
  acceptCaller(incoming);
}
