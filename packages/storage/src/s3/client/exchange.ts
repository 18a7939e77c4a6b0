import { type Agent, type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { S3Error } from './s3-error.ts';

/** A request that is signed and ready to be sent. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Record<string, string | number>;
  readonly body?: Uint8Array;
}

/** Where requests go to, and how. */
export interface Wire {
  readonly endpoint: URL;
  readonly agent: Agent;
  readonly ca: string | undefined;
  /** Milliseconds without progress, after which a call has failed. */
  readonly idleMs: number;
}

/** Bytes that are written at a time, so that progress shows. */
const sliceSize = 256 * 1024;
/** What a server may say in a document: a list of 1,000 keys of 1 KiB has less. */
const maxDocument = 8 * 1024 * 1024;

/**
 * Sends a request and resolves with the response once its headers are there. A success counts only when the request was
 * written whole: a server that stores what it got by then would have said so too early. Throws an `S3Error` of status 0.
 */
export async function exchange(wire: Wire, { method, target, headers, body }: WireRequest): Promise<IncomingMessage> {
  const { endpoint, agent, ca, idleMs } = wire;
  const send = endpoint.protocol === 'https:' ? requestTls : requestPlain;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = send({
    method,
    path: target,
    headers,
    agent,
    host: endpoint.hostname.replace(/^\[|\]$/g, ''),
    port: endpoint.port === '' ? undefined : Number(endpoint.port),
    ...(ca !== undefined && { ca }),
  });
  const timer = setTimeout(() => sent.destroy(new Error(`no progress for ${idleMs} ms`)), idleMs);
  const progress = () => void timer.refresh();
  sent.once('socket', progress);
  sent.once('error', reject);
  sent.once('response', (response) => {
    // A response of an error may come early; the writing callback of a whole request comes at the end of this turn.
    if ((response.statusCode ?? 0) >= 300 || sent.writableFinished) return resolve(response);
    setImmediate(() => {
      if (sent.writableFinished) return resolve(response);
      sent.destroy();
      reject(new Error('the server responded before the request was sent'));
    });
  });
  try {
    void write(sent, body ?? new Uint8Array(0), progress);
    return await promise;
  } catch (cause) {
    throw new S3Error(`${method} failed: ${(cause as Error).message}`, { cause });
  } finally {
    clearTimeout(timer);
    // What happens to the connection from here on shows where the response is read.
    sent.on('error', () => {});
  }
}

async function write(sent: ClientRequest, body: Uint8Array, progress: () => void): Promise<void> {
  for (let at = 0; at < body.length && !sent.destroyed; at += sliceSize) {
    await new Promise<void>((done) => {
      sent.once('close', done);
      sent.write(body.subarray(at, at + sliceSize), () => {
        sent.off('close', done);
        done();
      });
    });
    progress();
  }
  sent.end();
}

/** The body of a response, piece after piece; throws when none comes for `idleMs`. Leaves the connection usable only at the end. */
export async function* piecesOf(response: IncomingMessage, idleMs: number): AsyncGenerator<Buffer, void, void> {
  const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const timer = setTimeout(() => response.destroy(new Error(`no bytes for ${idleMs} ms`)), idleMs);
      const next = await pieces.next().finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    response.destroy();
  }
}

/** The body of a response as text. Throws when it is longer than any that S3 sends. */
export async function documentOf(response: IncomingMessage, idleMs: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of piecesOf(response, idleMs)) {
    size += piece.length;
    if (size > maxDocument) throw new S3Error(`a response has more than ${maxDocument} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
