import type { HandlerContext } from '@connectrpc/connect';
import { networkOf } from '@mcr/server-kit';
import type { ServiceContext } from '../../services/context.ts';
import { callRecord } from '../call.ts';

/** Throws `TOOMANYREQUESTS` when the client's address calls too fast. */
export function limitCall({ limits }: ServiceContext, context: HandlerContext): void {
  const rejection = limits.addressRequests?.rejection(networkOf(callRecord(context).ip), true);
  if (rejection !== undefined) throw rejection;
}
