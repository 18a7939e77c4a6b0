import type { HandlerContext } from '@connectrpc/connect';
import { accessOf, requireRole } from '../../admin/access.ts';
import { authenticate } from '../../http/authenticate.ts';
import { acceptCaller } from '../../http/grpc-listener.ts';
import type { ServiceContext } from '../../services/context.ts';
import { incomingOf, setCaller } from '../call.ts';

/**
 * Finds out who calls, unless the method is public, and lets those through who have its role. `UNAUTHORIZED`, `UNAVAILABLE`,
 * `TOOMANYREQUESTS`; `DENIED`, audited.
 */
export async function authenticateCall(services: ServiceContext, context: HandlerContext): Promise<void> {
  const access = accessOf(context.method);
  if (access.role === 'public') return;
  const incoming = incomingOf(context);
  const caller = await authenticate(services, incoming);
  setCaller(context, caller);
  acceptCaller(incoming);
  await requireRole(services, caller, access);
}
