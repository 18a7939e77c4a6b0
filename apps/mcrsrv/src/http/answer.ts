import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { recordOf } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/**
 * Answers with everything at once, past the `Response` that Hono would make: copying a small body and checking its
 * headers there takes longer than looking the body up. `headers` name the body's length.
 */
export function answer(
  c: Context<AppEnv>,
  status: number,
  headers: Readonly<Record<string, string | number>>,
  body?: Uint8Array | string,
): Response {
  const { outgoing } = c.env;
  outgoing.writeHead(status, headers);
  outgoing.end(body);
  return RESPONSE_ALREADY_SENT;
}

/**
 * Answers with a body that `pour` gives piece after piece; the next one comes when the one before is sent. When `pour`
 * fails, the connection breaks: that is the only sign that is left once the headers are on their way.
 */
export async function answerInPieces(
  c: Context<AppEnv>,
  status: number,
  headers: Readonly<Record<string, string | number>>,
  pour: (take: (piece: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<Response> {
  const { incoming, outgoing } = c.env;
  const record = recordOf(incoming);
  let sent = 0;
  record.bytesOut = sent;
  outgoing.writeHead(status, headers);
  try {
    await pour(async (piece) => {
      await send(outgoing, piece);
      sent += piece.byteLength;
      record.bytesOut = sent;
    });
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
  return RESPONSE_ALREADY_SENT;
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
