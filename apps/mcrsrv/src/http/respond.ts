import type { ServerResponse } from 'node:http';
import { recordOf } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { AppEnv } from './env.ts';
import { alreadySent } from './route-requests.ts';

/** Headers of a response, in the order in which they are sent. */
export type ResponseHeaders = Readonly<Record<string, string | number>>;

/**
 * Sends a whole response, past the `Response` that Hono would make: copying a small body and checking its headers there
 * takes longer than looking the body up. `Content-Length` is the body's, unless `headers` name one: that of a HEAD is the
 * length of what a GET would send.
 */
export function respond(
  c: Context<AppEnv>,
  status: number,
  headers: ResponseHeaders,
  body: Uint8Array | string = '',
): Response {
  const { outgoing } = c.env;
  const hasLength = 'Content-Length' in headers || status === 204 || status === 304;
  outgoing.writeHead(status, hasLength ? headers : { 'Content-Length': Buffer.byteLength(body), ...headers });
  outgoing.end(c.req.method === 'HEAD' ? undefined : body);
  return alreadySent;
}

/** Sends a value as JSON. */
export function respondJson(c: Context<AppEnv>, value: unknown, headers: ResponseHeaders = {}, status = 200): Response {
  return respond(c, status, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(value));
}

/**
 * Sends a body that `write` gives piece after piece; the next one comes when the one before is sent. When `write` fails,
 * the connection breaks: that is the only sign that is left once the headers are on their way.
 */
export async function respondStream(
  c: Context<AppEnv>,
  status: number,
  headers: ResponseHeaders,
  write: (take: (piece: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<Response> {
  const { incoming, outgoing } = c.env;
  const record = recordOf(incoming);
  let sent = 0;
  record.bytesOut = sent;
  outgoing.writeHead(status, headers);
  try {
    await write(async (piece) => {
      await send(outgoing, piece);
      sent += piece.byteLength;
      record.bytesOut = sent;
    });
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
  return alreadySent;
}

/** Resolves when the piece was given to the system; rejects when the client goes away before. */
function send(outgoing: ServerResponse, piece: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = (): void => reject(new Error('The client has gone'));
  if (outgoing.destroyed) onClose();
  outgoing.once('close', onClose);
  outgoing.write(piece, (error) => {
    outgoing.off('close', onClose);
    if (error) reject(error);
    else resolve();
  });
  return promise;
}
