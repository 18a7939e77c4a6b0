import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import type { IssuedToken } from '../services/records.ts';

/** The token in the form that every client family reads; the same value under both names. No refresh token, ever. */
export function tokenResponse(c: Context<AppEnv>, { token, expiresIn, issuedAt }: IssuedToken): Response {
  return c.json(
    { token, access_token: token, expires_in: expiresIn, issued_at: new Date(issuedAt).toISOString() },
    200,
    { 'Cache-Control': 'no-store' },
  );
}
