import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type CallOptions, Code, ConnectError, type Transport } from '@connectrpc/connect';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import { codeFromHttpStatus, findTrailerError } from '@connectrpc/connect/protocol-grpc';
import type { Http2SessionManager } from '@connectrpc/connect-node';
import { exchange, type GrpcResponse } from './grpc-exchange.ts';

/** Flag and length before a message. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests */
const prefixLength = 5;

/** How calls are made. */
export interface UnaryTransportOptions {
  readonly session: Http2SessionManager;
  /** Milliseconds for a call that names no other deadline. */
  readonly timeoutMs: number;
}

/**
 * gRPC for methods with one message each way, which are all that pages call. The transport of connect-node passes each message
 * through chains of asynchronous generators, which take more CPU than the rest of a call. Calls throw ConnectErrors.
 */
export function createUnaryTransport({ session, timeoutMs: usualMs }: UnaryTransportOptions): Transport {
  return {
    async unary(method, signal, timeoutMs = usualMs, header, input) {
      const { parent: service, name } = method;
      const response = await exchange(session, {
        path: `/${service.typeName}/${name}`,
        headers: {
          ...fieldsOf(header),
          'content-type': 'application/grpc+proto',
          'grpc-timeout': `${timeoutMs}m`,
          te: 'trailers',
        },
        body: encodeEnvelope(0, toBinary(method.input, create(method.input, input))),
        timeoutMs,
        signal,
      });
      const error = errorOf(response);
      if (error !== undefined) throw error;
      const { headers, trailers, body } = response;
      return {
        stream: false,
        service,
        method,
        message: parsed(() => fromBinary(method.output, unframed(body))),
        get header() {
          return toHeaders(headers);
        },
        get trailer() {
          return toHeaders(trailers);
        },
      };
    },
    async stream(method) {
      throw new ConnectError(`${method.name} streams`, Code.Unimplemented);
    },
  };
}

/** The headers of a call. Pages give them as an object, which is good as it is; a `Headers` made of it costs a tenth of the call. */
function fieldsOf(header: CallOptions['headers'] = {}): Readonly<Record<string, string>> {
  return Symbol.iterator in header ? Object.fromEntries(new Headers(header)) : header;
}

/** The only message of a body. */
function unframed(body: Buffer): Uint8Array {
  const isOne = body.length >= prefixLength && body.readUInt32BE(1) === body.length - prefixLength;
  if (!isOne || body[0] !== 0) throw new Error('expected one message that is not compressed');
  return body.subarray(prefixLength);
}

function parsed<Message>(parse: () => Message): Message {
  try {
    return parse();
  } catch (error) {
    throw new ConnectError(`malformed response: ${error instanceof Error ? error.message : ''}`, Code.Internal);
  }
}

/** How a call failed, with the headers of the response as metadata; `undefined` if it succeeded. */
function errorOf({ headers, trailers }: GrpcResponse): ConnectError | undefined {
  if (trailers['grpc-status'] === '0' && headers[':status'] === 200) return undefined;
  const { ':status': status } = headers;
  if (status === undefined) return new ConnectError('no response', Code.Unavailable);
  const metadata = toHeaders({ ...headers, ...trailers });
  if (status !== 200) return new ConnectError(`HTTP ${status}`, codeFromHttpStatus(status), metadata);
  return findTrailerError(metadata) ?? new ConnectError('response without a status', Code.Internal, metadata);
}

function toHeaders(received: GrpcResponse['headers']): Headers {
  const fields = Object.entries(received).filter(([name, value]) => !name.startsWith(':') && value !== undefined);
  return new Headers(fields.map(([name, value]): [string, string] => [name, String(value)]));
}
