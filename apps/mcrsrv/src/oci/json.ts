import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';

/** Answers JSON with its length, which clients want and chunked encoding would hide. */
export function jsonResponse(
  c: Context<AppEnv>,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): Response {
  const body = JSON.stringify(value);
  return new Response(c.req.method === 'HEAD' ? null : body, {
    status,
    headers: { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)), ...headers },
  });
}

/** Answers without a body; clients are confused by an empty chunked one. */
export function emptyResponse(status: number, headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { status, headers: { ...(status !== 204 && { 'Content-Length': '0' }), ...headers } });
}
