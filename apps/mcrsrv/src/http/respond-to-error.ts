import { RegistryError } from '@mcr/core';
import { drainBody, recordOf } from '@mcr/server-kit';
import type { Context } from 'hono';
import { isServerFault } from '../errors/forms.ts';
import { apiOf, renderError } from '../errors/http.ts';
import { type Challenge, formatChallenge, requestedScope } from './challenge.ts';
import type { AppEnv } from './env.ts';
import type { Locations } from './locations.ts';
import type { PublicOrigin } from './public-origin.ts';
import { respond } from './respond.ts';

/** What an error response needs beside the error. */
export interface ErrorContext {
  readonly origin: PublicOrigin;
  /** Names this registry in challenges. */
  readonly service: string;
  readonly locations: Locations;
}

/**
 * Responds with whatever a handler threw, in the form of the API that was called; the cause of a server fault goes to the
 * log. The rest of the body is read first, or the client would not see the response.
 */
export async function respondToError(c: Context<AppEnv>, error: unknown, context: ErrorContext): Promise<Response> {
  const { incoming } = c.env;
  const record = recordOf(incoming);
  // The client has gone and reads nothing; no fault of the server.
  if (incoming.destroyed && !incoming.complete) return respond(c, 400, {});
  await drainBody(c.env);
  if (isServerFault(error)) record.error = error;
  const { locations } = context;
  const { status, headers, body } = renderError(error, { api: apiOf(c.req.path), requestId: record.id, locations });
  return respond(c, status, status === 401 ? { ...headers, ...challenge(c, error, context) } : headers, body);
}

/** What a 401 asks for: https://distribution.github.io/distribution/spec/auth/token/#how-to-authenticate */
function challenge(c: Context<AppEnv>, error: unknown, { origin, service }: ErrorContext): Record<string, string> {
  const scope = requestedScope(c.req.method, c.req.path);
  const detail = error instanceof RegistryError ? (error.detail as { error?: string } | undefined) : undefined;
  const value = formatChallenge({
    realm: `${origin.of(c.env.incoming)}/v2/token`,
    service,
    ...(scope !== undefined && { scope }),
    ...(isShown(detail?.error) && { error: detail.error }),
  });
  return { 'WWW-Authenticate': value, 'Cache-Control': 'no-store' };
}

/** Errors that clients know: the token has ended, or an account may do what a guest may not. */
function isShown(error: string | undefined): error is NonNullable<Challenge['error']> {
  return error === 'invalid_token' || error === 'insufficient_scope';
}
