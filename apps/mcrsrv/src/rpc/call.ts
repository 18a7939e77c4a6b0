import { type ContextValues, createContextKey, createContextValues } from '@connectrpc/connect';
import { type RequestRecord, recordOf } from '@mcr/server-kit';
import { bearerToken } from '../http/authenticate.ts';
import type { NodeRequest } from '../http/env.ts';
import type { Caller } from '../services/caller.ts';

/** What a method's context is asked for before the method runs. */
export interface CallContext {
  readonly values: ContextValues;
}

/** What it is asked for while it runs. */
export interface RunContext extends CallContext {
  /** Aborted when the client has gone, or its deadline has passed. */
  readonly signal: AbortSignal;
}

const incomingKey = createContextKey<NodeRequest | undefined>(undefined);
const callerKey = createContextKey<Caller | undefined>(undefined);

/** The values that a call begins with. */
export function valuesOf(incoming: NodeRequest): ContextValues {
  return createContextValues().set(incomingKey, incoming);
}

/** The HTTP request that carries the call. */
export function incomingOf({ values }: CallContext): NodeRequest {
  const incoming = values.get(incomingKey);
  if (incoming === undefined) throw new Error('The call did not come through the listener');
  return incoming;
}

/** The connection that carries the call: a session of HTTP/2, or a socket. */
export function connectionOf(context: CallContext): object {
  const incoming = incomingOf(context);
  return ('stream' in incoming ? incoming.stream.session : incoming.socket) ?? incoming;
}

/** What log and metrics will say about the call. */
export function callRecord(context: CallContext): RequestRecord {
  return recordOf(incomingOf(context));
}

export function setCaller({ values }: CallContext, caller: Caller): void {
  values.set(callerKey, caller);
}

/** Who calls; absent where the method needs no token. */
export function callerIfAny({ values }: CallContext): Caller | undefined {
  return values.get(callerKey);
}

/** The caller's token. */
export function tokenOf(context: CallContext): string {
  return bearerToken(incomingOf(context)) ?? '';
}
