import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Http2SessionManager } from '@connectrpc/connect-node';

/** A request with its whole body. */
export interface GrpcRequest {
  /** Of the method, `/package.Service/Method`. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array;
  /** Milliseconds until the response has to be complete, connecting included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A response that was read to its end. */
export interface GrpcResponse {
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
}

/**
 * Sends a request and reads its response. Throws a ConnectError: that of the session if there is no connection, `DeadlineExceeded`,
 * `Canceled`, or what a broken stream means.
 */
export async function exchange(session: Http2SessionManager, request: GrpcRequest): Promise<GrpcResponse> {
  const { path, headers, body, timeoutMs, signal } = request;
  const { promise, resolve, reject } = Promise.withResolvers<GrpcResponse>();
  let stream: ClientHttp2Stream | undefined;
  let end: ConnectError | undefined;
  const giveUp = (error: ConnectError): void => {
    end ??= error;
    reject(end);
    stream?.close(constants.NGHTTP2_CANCEL);
  };
  const onAbort = (): void => giveUp(ConnectError.from(signal?.reason, Code.Canceled));
  const timer = setTimeout(() => giveUp(new ConnectError('no response in time', Code.DeadlineExceeded)), timeoutMs);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  const send = async (): Promise<GrpcResponse> => {
    stream = await session.request('POST', path, headers, {});
    const response = read(stream);
    if (end === undefined) stream.end(body);
    else stream.close(constants.NGHTTP2_CANCEL);
    return await response;
  };
  send().then(resolve, reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function read(stream: ClientHttp2Stream): Promise<GrpcResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<GrpcResponse>();
  const chunks: Buffer[] = [];
  let headers: GrpcResponse['headers'] = {};
  let trailers: IncomingHttpHeaders = {};
  stream
    .on('response', (received) => void (headers = received))
    .on('trailers', (received) => void (trailers = received))
    .on('data', (chunk: Buffer) => void chunks.push(chunk))
    .once('error', (error) => reject(broken(stream, error)))
    .once('close', () => {
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) return reject(broken(stream));
      // Without trailers, headers say how the call ended, or the connection did.
      return resolve({ headers, body: Buffer.concat(chunks), trailers });
    });
  return await promise;
}

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors */
const codes: Readonly<Record<number, Code>> = {
  [constants.NGHTTP2_REFUSED_STREAM]: Code.Unavailable,
  [constants.NGHTTP2_CANCEL]: Code.Canceled,
  [constants.NGHTTP2_ENHANCE_YOUR_CALM]: Code.ResourceExhausted,
  [constants.NGHTTP2_INADEQUATE_SECURITY]: Code.PermissionDenied,
};

/** What a stream means that ended early. It has a cause: the connection broke, and no server responded with an error. */
function broken({ rstCode }: ClientHttp2Stream, cause: unknown = new Error(`stream closed with code ${rstCode}`)) {
  return new ConnectError('the call was cut off', codes[rstCode] ?? Code.Internal, undefined, undefined, cause);
}
