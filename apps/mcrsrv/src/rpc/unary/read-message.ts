import type { Http2ServerRequest } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  createAsyncIterable,
  pipe,
  transformDecompressEnvelope,
  transformSplitEnvelope,
} from '@connectrpc/connect/protocol';

/** Flag and length before a message. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests */
const prefixLength = 5;

/**
 * The bytes of the only message of a request, which is not compressed. Throws a ConnectError for a body that is anything
 * else, among them `ResourceExhausted` for a message of more than `maxBytes`, before the rest of it is read.
 */
export async function readMessage(incoming: Http2ServerRequest, maxBytes: number): Promise<Uint8Array> {
  const body = await readBody(incoming, maxBytes);
  const isUsual = body.length >= prefixLength && body[0] === 0 && body.length === frameLength(body);
  return isUsual && body.length <= prefixLength + maxBytes ? body.subarray(prefixLength) : readOdd(body, maxBytes);
}

/** Reads to the end, or as far as it takes to see that it is not one message of a good size. */
async function readBody(incoming: Http2ServerRequest, maxBytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const chunks: Buffer[] = [];
  let length = 0;
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < prefixLength) return;
    if (chunks[0]!.length < prefixLength) chunks.splice(0, chunks.length, Buffer.concat(chunks));
    const expected = frameLength(chunks[0]!);
    if (length <= expected && expected <= prefixLength + maxBytes) return;
    incoming.off('data', take).pause();
    resolve();
  };
  const cutOff = (): void => reject(new ConnectError('the call was cut off', Code.Canceled));
  incoming.on('data', take).on('end', resolve).on('close', cutOff);
  if (incoming.stream.destroyed) cutOff();
  await promise;
  incoming.off('close', cutOff);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
}

/** Of the first message with its prefix. */
function frameLength(body: Buffer): number {
  return prefixLength + body.readUInt32BE(1);
}

/** What is wrong with another body, in the words that Connect has for it. */
async function readOdd(body: Buffer, maxBytes: number): Promise<Uint8Array> {
  const split = pipe(
    createAsyncIterable([body]),
    transformSplitEnvelope(maxBytes),
    transformDecompressEnvelope(null, maxBytes),
  );
  let message: Uint8Array | undefined;
  for await (const { data } of split) {
    if (message !== undefined)
      throw new ConnectError('protocol error: received extra input message for unary method', Code.Unimplemented);
    message = data;
  }
  if (message === undefined)
    throw new ConnectError('protocol error: missing input message for unary method', Code.Unimplemented);
  return message;
}
