import { Code, ConnectError } from '@connectrpc/connect';
import { isJsonObject } from '@mcr/core';
import type { Context, Handler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { WebContext } from '../../context.ts';
import { nextPath } from '../../http/came-from.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, goOn, writeSession } from '../../http/session.ts';
import { sessionOf } from '../../http/session-of.ts';
import { loginView } from './view.ts';

/** What the browser keeps while it is at the provider: the sealed state of the registry, and where to go afterwards. */
interface Attempt {
  readonly state: string;
  readonly next: string;
}

/** As long as the registry accepts the state. */
const maxAge = 10 * 60;
const cookieName = 'mcr-sign-in';
/** Lax, since the provider sends the browser back from another site. */
const attributes = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;

/** `GET /login?sso=NAME`: leaves for the provider. */
export async function beginSignIn(
  c: Context<AppEnv>,
  { registry, providers }: WebContext,
  name: string,
): Promise<Response> {
  const next = nextPath(c.req.query('next'));
  try {
    const { location, state } = await registry.auth.signIn({ provider: name }, asCaller(c));
    const value = Buffer.from(JSON.stringify({ state, next } satisfies Attempt)).toString('base64url');
    setCookie(c, cookieName, value, { ...attributes, maxAge });
    c.header('Cache-Control', 'no-store');
    return c.redirect(location, 303);
  } catch (error) {
    return await reject(c, { error, next, providers });
  }
}

/** `GET /login/callback`: the provider has sent the browser back. Ends on a page of this site, which goes on. */
export function signInCallback(context: WebContext): Handler<AppEnv> {
  const { registry, providers } = context;
  return async (c) => {
    const { state = '', next = '/' } = readAttempt(c) ?? {};
    deleteCookie(c, cookieName, attributes);
    try {
      if (state === '')
        throw new ConnectError('This sign-in has expired or was begun in another browser', Code.Unauthenticated);
      const callback = new URL(c.req.url).search.slice(1);
      writeSession(c, await sessionOf(context, await registry.auth.signIn({ state, callback }, asCaller(c))));
      return await goOn(c, nextPath(next));
    } catch (error) {
      return await reject(c, { error, next: nextPath(next), providers });
    }
  };
}

function readAttempt(c: Context<AppEnv>): Attempt | undefined {
  const value = getCookie(c, cookieName, 'host');
  if (value === undefined) return undefined;
  try {
    const attempt: unknown = JSON.parse(Buffer.from(value, 'base64url').toString());
    if (!isJsonObject(attempt)) return undefined;
    const { state, next } = attempt;
    return typeof state === 'string' && typeof next === 'string' ? { state, next } : undefined;
  } catch {
    return undefined;
  }
}

interface Rejection {
  readonly error: unknown;
  readonly next: string;
  readonly providers: WebContext['providers'];
}

const statuses: Readonly<Partial<Record<Code, ContentfulStatusCode>>> = {
  [Code.InvalidArgument]: 400,
  [Code.Unauthenticated]: 401,
  [Code.PermissionDenied]: 403,
  [Code.NotFound]: 404,
  [Code.ResourceExhausted]: 429,
  [Code.Unavailable]: 503,
};

/** The login page with the reason: its form works while a provider does not. */
async function reject(c: Context<AppEnv>, { error, next, providers }: Rejection): Promise<Response> {
  const status = error instanceof ConnectError ? statuses[error.code] : undefined;
  if (status === undefined) throw error;
  const problem = `${(error as ConnectError).rawMessage}.`;
  const props = { csrf: c.var.csrf, host: c.var.host, next, username: '', problem, providers: await providers.list() };
  return await respond(c, loginView(props), status);
}
