import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { callRecord } from '../call.ts';
import { noteFailure } from './request-log.ts';

/**
 * Sees to calls whose message cannot be read, which end before the interceptors begin: notes the outcome, and turns
 * "internal" into "invalid argument", since bytes that are no message are the client's mistake. What parsers quote of the
 * message is cut out: it may be of a password. The signal of a call is aborted with its error just before that goes on
 * the wire.
 */
export function watchReading(context: HandlerContext): void {
  const record = callRecord(context);
  const { signal } = context;
  const look = (): void => {
    const reason: unknown = signal.reason;
    if (record.code !== undefined || !(reason instanceof ConnectError)) return;
    const code = reason.code === Code.Internal ? Code.InvalidArgument : reason.code;
    Object.assign(reason, { code, rawMessage: withoutQuotes(reason.rawMessage) });
    noteFailure(record, reason);
  };
  signal.addEventListener('abort', look, { once: true });
}

/** The name of an unknown field is worth quoting; as long as it may be one. */
const unknownField = /: key "\w{1,64}" is unknown$/;
const quotes = /["'][^]*["']/;

function withoutQuotes(message: string): string {
  return unknownField.test(message) ? message : message.replace(quotes, '"…"');
}
