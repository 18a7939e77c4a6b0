import type { DescMethod } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { networkOf } from '@mcr/server-kit';
import { accessOf, requireAccess } from '../../admin/access.ts';
import { authenticate } from '../../http/authenticate.ts';
import { acceptCaller } from '../../http/grpc-listener.ts';
import type { ServiceContext } from '../../services/context.ts';
import { type CallContext, callRecord, incomingOf, setCaller } from '../call.ts';
import { connectErrorOf } from './errors.ts';
import { noteFailure } from './request-log.ts';

/** What decides about a call before its message is read. */
interface GateContext extends CallContext {
  readonly method: DescMethod;
}

/** The gate for calls that Connect handles. */
export function requestGate(services: ServiceContext): (context: HandlerContext) => Promise<void> {
  return async (context) => {
    await passGate(services, context);
    watchReading(context);
  };
}

/**
 * Decides who may call before a byte of the message is read, so that no other caller's bytes are decompressed or parsed and
 * no message has a say in it. Throws what the client sees.
 */
export async function passGate(services: ServiceContext, context: GateContext): Promise<void> {
  const record = callRecord(context);
  const { parent, name } = context.method;
  record.route = `/${parent.typeName}/${name}`;
  try {
    limitAddress(services, record.ip);
    await authenticateCall(services, context);
  } catch (error) {
    const rendered = connectErrorOf(error, record);
    noteFailure(record, rendered);
    throw rendered;
  }
}

/** Throws `TOOMANYREQUESTS` when the client's address calls too fast. */
function limitAddress({ limits }: ServiceContext, ip: string): void {
  const rejection = limits.addressRequests?.rejection(networkOf(ip), true);
  if (rejection !== undefined) throw rejection;
}

/**
 * Finds out who calls, unless the method is public, and lets those through who have its role and scope. `UNAUTHORIZED`, `UNAVAILABLE`,
 * `TOOMANYREQUESTS`; `DENIED`, audited.
 */
async function authenticateCall(services: ServiceContext, context: GateContext): Promise<void> {
  const access = accessOf(context.method);
  if (access.role === 'public') return;
  const incoming = incomingOf(context);
  const caller = await authenticate(services, incoming, 'admin');
  setCaller(context, caller);
  acceptCaller(incoming);
  await requireAccess(services, caller, access);
}

/**
 * Sees to calls whose message cannot be read, which end before the interceptors begin: notes the outcome, and corrects the
 * error. The signal of a call is aborted with its error just before that goes on the wire.
 */
function watchReading(context: HandlerContext): void {
  const record = callRecord(context);
  const { signal } = context;
  const look = (): void => {
    const reason: unknown = signal.reason;
    if (record.code === undefined && reason instanceof ConnectError) noteFailure(record, unreadable(reason));
  };
  signal.addEventListener('abort', look, { once: true });
}

/**
 * Turns the error of a message that cannot be read into what the client sees, in place: "internal" becomes "invalid argument", since
 * bytes that are no message are the client's mistake. What parsers quote of the message is cut out: it may be of a password.
 */
export function unreadable(error: ConnectError): ConnectError {
  const code = error.code === Code.Internal ? Code.InvalidArgument : error.code;
  return Object.assign(error, { code, rawMessage: withoutQuotes(error.rawMessage) });
}

/** The name of an unknown field is worth quoting; as long as it may be one. */
const unknownField = /: key "\w{1,64}" is unknown$/;
const quotes = /["'][^]*["']/;

function withoutQuotes(message: string): string {
  return unknownField.test(message) ? message : message.replace(quotes, '"…"');
}
