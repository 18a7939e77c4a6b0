import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { callRecord } from '../call.ts';
import { noteFailure } from './request-log.ts';

/**
 * Sees to calls whose message cannot be read, which end before the interceptors begin: notes the outcome, and turns
 * "internal" into "invalid argument", since bytes that are no message are the client's mistake. The signal of a call is
 * aborted with its error just before that goes on the wire.
 */
export function watchReading(context: HandlerContext): void {
  const record = callRecord(context);
  const { signal } = context;
  const look = (): void => {
    const reason: unknown = signal.reason;
    if (record.code !== undefined || !(reason instanceof ConnectError)) return;
    if (reason.code === Code.Internal) Object.assign(reason, { code: Code.InvalidArgument });
    noteFailure(record, reason);
  };
  signal.addEventListener('abort', look, { once: true });
}
