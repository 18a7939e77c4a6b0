import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
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
