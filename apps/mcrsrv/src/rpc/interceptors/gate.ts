import type { HandlerContext } from '@connectrpc/connect';
import { networkOf } from '@mcr/server-kit';
import type { ServiceContext } from '../../services/context.ts';
import { callRecord } from '../call.ts';
import { authenticateCall } from './auth.ts';
import { connectErrorOf } from './errors.ts';
import { noteFailure } from './request-log.ts';
import { watchReading } from './unreadable.ts';

/**
 * Decides who may call before a byte of the message is read, so that no other caller's bytes are decompressed or parsed and
 * no message has a say in it.
 */
export function requestGate(services: ServiceContext): (context: HandlerContext) => Promise<void> {
  return async (context) => {
    const record = callRecord(context);
    const { parent, name } = context.method;
    record.route = `/${parent.typeName}/${name}`;
    try {
      limitAddress(services, record.ip);
      await authenticateCall(services, context);
      watchReading(context);
    } catch (error) {
      const rendered = connectErrorOf(error, record);
      noteFailure(record, rendered);
      throw rendered;
    }
  };
}

/** Throws `TOOMANYREQUESTS` when the client's address calls too fast. */
function limitAddress({ limits }: ServiceContext, ip: string): void {
  const rejection = limits.addressRequests?.rejection(networkOf(ip), true);
  if (rejection !== undefined) throw rejection;
}
