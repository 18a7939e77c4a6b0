import { anyUsername, type IssuedToken, isSecretLike } from '@mcr/auth';
import { RegistryError } from '@mcr/core';
import { type RequestRecord, readWhole, recordOf, smallBodyMs } from '@mcr/server-kit';
import type { Context } from 'hono';
import { authenticate, bearerToken, bearsToken } from '../http/authenticate.ts';
import { type Credentials, parseBasic } from '../http/basic.ts';
import { type AppEnv, clientGone } from '../http/env.ts';
import { respondJson } from '../http/respond.ts';
import type { ServiceContext } from '../services/context.ts';
import { issueGuestToken } from '../services/identity/guests.ts';
import { login } from '../services/identity/login.ts';
import { reissueToken } from '../services/identity/reissue.ts';
import type { OpenRequest, OpenRoute } from './route.ts';

/**
 * GET with Basic credentials: https://distribution.github.io/distribution/spec/auth/token/
 * POST with a form: https://distribution.github.io/distribution/spec/auth/oauth/
 */
export const tokenRoutes: readonly OpenRoute[] = [
  ['GET', '/v2/token', getToken],
  ['POST', '/v2/token', postToken],
];

/** Far more than any form of credentials and scopes needs, and little enough for clients that have not logged in. */
const maxFormSize = 16 * 1024;
/** Clients ask for some 50 characters; the rest is for several repositories with long names. */
const maxRequestedLength = 500;

async function getToken({ c, services }: OpenRequest): Promise<Response> {
  noteRequested(recordOf(c.env.incoming), new URL(c.req.url).searchParams);
  return respondToken(c, await tokenFor(c, services));
}

async function postToken({ c, services }: OpenRequest): Promise<Response> {
  return respondToken(c, await tokenFor(c, services, await readTokenForm(c)));
}

/**
 * The token for credentials of a form, or else for those of the Authorization header, which may be a token themselves:
 * some clients send one everywhere. Without any, a guest token where some rule lets guests pull. The scopes that are asked for
 * decide nothing, since tokens carry no rights and policy decides each request anew.
 */
async function tokenFor(c: Context<AppEnv>, services: ServiceContext, form?: Credentials): Promise<IssuedToken> {
  const { incoming } = c.env;
  if (form === undefined && bearsToken(incoming)) {
    const caller = await authenticate(services, incoming);
    return reissueToken(services, caller, bearerToken(incoming) ?? '');
  }
  const record = recordOf(incoming);
  record.challenged = form === undefined && incoming.headers.authorization === undefined;
  const guest = record.challenged ? await issueGuestToken(services) : undefined;
  if (guest !== undefined) return guest;
  const credentials = form ?? parseBasic(incoming.headers.authorization);
  record.actor = credentials.username.slice(0, 64);
  return await login(services, { ...credentials, ip: record.ip, signal: clientGone(c.env.outgoing) });
}

/** The token in the form that every client family reads; the same value under both names. No refresh token, ever. */
function respondToken(c: Context<AppEnv>, { token, expiresIn, issuedAt }: IssuedToken): Response {
  const issued = new Date(issuedAt).toISOString();
  const body = { token, access_token: token, expires_in: expiresIn, issued_at: issued };
  return respondJson(c, body, { 'Cache-Control': 'no-store' });
}

/**
 * Credentials of a `grant_type=password` form, or an access token of one with `grant_type=refresh_token`, as docker sends what it
 * calls an identity token; `undefined` where they are in the Authorization header instead. Any other grant, and any other refresh
 * token, is `NOT_FOUND`, after which every client asks with GET. `PARAMETER_INVALID` for a body that is not such a form.
 */
async function readTokenForm(c: Context<AppEnv>): Promise<Credentials | undefined> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded(?:;|$)/i.test(type)) {
    throw new RegistryError('PARAMETER_INVALID', 'The token request must be application/x-www-form-urlencoded');
  }
  const body = await readWhole(c.env, { what: 'A token request', limit: maxFormSize, within: smallBodyMs });
  const form = new URLSearchParams(Buffer.from(body).toString('utf8'));
  noteRequested(recordOf(c.env.incoming), form);
  const refreshToken = form.get('grant_type') === 'refresh_token' ? (form.get('refresh_token') ?? '') : '';
  if (isSecretLike(refreshToken)) return { username: anyUsername, password: refreshToken };
  if (form.get('grant_type') !== 'password') {
    const message = 'Only grant_type=password, and refresh_token with an access token, are supported';
    throw new RegistryError('NOT_FOUND', message, { detail: { error: 'unsupported_grant_type' } });
  }
  const username = form.get('username');
  const password = form.get('password');
  return username === null || password === null ? undefined : { username, password };
}

/** Notes for the log what a token was asked for. It is looked at nowhere else. */
function noteRequested(record: RequestRecord, parameters: URLSearchParams): void {
  const scope = printable(parameters.getAll('scope').join(' '));
  const service = printable(parameters.get('service') ?? '');
  record.requested = { ...(scope !== '' && { scope }), ...(service !== '' && { service }) };
}

/** Nothing that steers a terminal, breaks a line, or turns the direction of a text gets into the log. */
function printable(text: string): string {
  return text.slice(0, maxRequestedLength).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}
