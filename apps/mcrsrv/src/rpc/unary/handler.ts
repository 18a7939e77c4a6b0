import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import { parseTimeout } from '@connectrpc/connect/protocol-grpc';
import { type InFlight, recordOf } from '@mcr/server-kit';
import type { Operation } from '../../admin/operation.ts';
import type { NodeRequest, NodeResponse } from '../../http/env.ts';
import type { ServiceContext } from '../../services/context.ts';
import { valuesOf } from '../call.ts';
import { connectErrorOf } from '../interceptors/errors.ts';
import { passGate, unreadable } from '../interceptors/gate.ts';
import { noteFailure } from '../interceptors/request-log.ts';
import { maxMessageSizeOf } from '../message-sizes.ts';
import { runOperation } from '../run-operation.ts';
import { readMessage } from './read-message.ts';
import { respond, respondWithError } from './respond.ts';
import { untilGone } from './until-gone.ts';

/** What calls are handled with. */
export interface UnaryParts {
  readonly services: ServiceContext;
  readonly operations: readonly Operation[];
  /** Where calls are counted. */
  readonly inFlight: InFlight;
}

/** A call that is handled here. */
interface UnaryCall {
  readonly operation: Operation;
  readonly incoming: Http2ServerRequest;
  readonly outgoing: Http2ServerResponse;
  /** Milliseconds that the client waits; absent without a deadline. */
  readonly timeoutMs: number | undefined;
}

const contentTypes: readonly (string | undefined)[] = ['application/grpc', 'application/grpc+proto'];
const uncompressed: readonly string[] = ['', 'identity'];

/**
 * Handles gRPC over HTTP/2 in bytes that are not compressed, which is what the web UI calls. connect-node passes each message
 * through chains of asynchronous generators, which takes more CPU than the rest of a cheap call. It responds to all other
 * requests, for which this returns false, and both respond alike.
 */
export function createUnaryHandler(parts: UnaryParts): (incoming: NodeRequest, outgoing: NodeResponse) => boolean {
  const byPath = new Map(parts.operations.map((operation) => [pathOf(operation), operation]));
  return (incoming, outgoing) => {
    if (!('stream' in incoming && 'stream' in outgoing) || !isPlain(incoming)) return false;
    const operation = byPath.get(incoming.url);
    const { timeoutMs, error } = parseTimeout(incoming.headers['grpc-timeout']?.toString() ?? null, maxTimeoutMs);
    if (operation === undefined || error !== undefined) return false;
    handle(parts, { operation, incoming, outgoing, timeoutMs }).catch((reason: unknown) => {
      parts.services.log.error({ err: reason }, 'the response to a call could not be sent');
      outgoing.destroy();
    });
    return true;
  };
}

const maxTimeoutMs = Number.MAX_SAFE_INTEGER;

function pathOf({ method }: Operation): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function isPlain({ method, headers, authority }: Http2ServerRequest): boolean {
  const { 'content-type': type, 'grpc-encoding': encoding = '', 'grpc-accept-encoding': accepted = '' } = headers;
  const isUncompressed = [encoding, accepted].every((names) => uncompressed.includes(String(names)));
  return method === 'POST' && contentTypes.includes(type) && isUncompressed && URL.canParse(`https://${authority}`);
}

async function handle(parts: UnaryParts, call: UnaryCall): Promise<void> {
  const { incoming, outgoing } = call;
  incoming.on('close', () => noteReset(call));
  const result = await resultOf(parts, call);
  if (incoming.stream.closed || incoming.stream.destroyed) return;
  if (result instanceof ConnectError) respondWithError(outgoing, result);
  else respond(outgoing, result);
}

/** The bytes of the response, or the error that the client sees. */
async function resultOf({ services, inFlight }: UnaryParts, call: UnaryCall): Promise<Uint8Array | ConnectError> {
  const { operation, incoming, timeoutMs } = call;
  const { method } = operation;
  const record = recordOf(incoming);
  let signal: AbortSignal | undefined;
  const context = {
    method,
    values: valuesOf(incoming),
    // Few operations look at it.
    get signal(): AbortSignal {
      signal ??= untilGone(incoming, timeoutMs);
      return signal;
    },
  };
  try {
    await passGate(services, context);
    const request = await readRequest(operation, incoming);
    const response = await inFlight.track(runOperation(operation, services, request, context));
    const message = toBinary(method.output, response);
    record.code = 'ok';
    return message;
  } catch (error) {
    const rendered = connectErrorOf(error, record);
    noteFailure(record, rendered);
    return rendered;
  }
}

async function readRequest({ method }: Operation, incoming: Http2ServerRequest): Promise<MessageShape<DescMessage>> {
  try {
    const bytes = await readMessage(incoming, maxMessageSizeOf(method));
    return fromBinary(method.input, bytes);
  } catch (error) {
    throw unreadable(error instanceof ConnectError ? error : noMessage(error));
  }
}

function noMessage(error: unknown): ConnectError {
  return new ConnectError(`parse binary: ${error instanceof Error ? error.message : ''}`, Code.InvalidArgument);
}

/** Notes that the client has given up a call whose end was not noted yet. */
function noteReset({ incoming, timeoutMs = Number.POSITIVE_INFINITY }: UnaryCall): void {
  const record = recordOf(incoming);
  if (record.code !== undefined || incoming.stream.rstCode === constants.NGHTTP2_NO_ERROR) return;
  const isLate = performance.now() - record.startedAt >= timeoutMs;
  record.code = codeToString(isLate ? Code.DeadlineExceeded : Code.Canceled);
}
