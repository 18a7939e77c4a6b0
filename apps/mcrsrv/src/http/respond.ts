import { RegistryError } from '@mcr/core';
import { drainBody, recordOf } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { Logger } from 'pino';
import { opaqueOciError, toOciError } from '../errors/oci.ts';
import { opaqueRestError, toRestError } from '../errors/rest.ts';
import { isTrouble } from '../errors/trouble.ts';
import { formatChallenge } from './challenge.ts';
import type { AppEnv } from './env.ts';
import type { PublicOrigin } from './public-origin.ts';
import { requestedScope } from './scope.ts';

/** What an error response needs beside the error. */
export interface ErrorContext {
  readonly origin: PublicOrigin;
  /** Names this registry in challenges. */
  readonly service: string;
  readonly log: Logger;
}

/**
 * Turns whatever a handler threw into an answer: a `RegistryError` in the form of the API that was called, anything
 * else opaquely, with the cause in the log. The rest of the body is read first, or the client would not see it.
 */
export async function respondToError(c: Context<AppEnv>, error: unknown, context: ErrorContext): Promise<Response> {
  const { incoming } = c.env;
  const record = recordOf(incoming);
  // The client has gone; nobody will read this, and nothing is wrong here.
  if (incoming.destroyed && !incoming.complete) return new Response(null, { status: 400 });
  await drainBody(c.env);
  const rest = c.req.path.startsWith('/v1/');
  const known = error instanceof RegistryError ? error : undefined;
  if (isTrouble(error)) record.error = error;
  const { status, body } = known
    ? (rest ? toRestError : toOciError)(known)
    : (rest ? opaqueRestError : opaqueOciError)(record.id);
  const text = JSON.stringify(body);
  return new Response(c.req.method === 'HEAD' ? null : text, {
    status,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(text)),
      ...((status === 429 || status === 503) && { 'Retry-After': '1' }),
      ...known?.headers,
      ...(status === 401 && { 'WWW-Authenticate': challenge(c, known, context), 'Cache-Control': 'no-store' }),
    },
  });
}

function challenge(c: Context<AppEnv>, error: RegistryError | undefined, { origin, service }: ErrorContext): string {
  const scope = requestedScope(c.req.method, c.req.path);
  const invalid = (error?.detail as { error?: string } | undefined)?.error === 'invalid_token';
  return formatChallenge({
    realm: `${origin.of(c.env.incoming)}/v2/token`,
    service,
    ...(scope !== undefined && { scope }),
    ...(invalid && { error: 'invalid_token' }),
  });
}
