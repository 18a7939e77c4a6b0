import type { CallOptions } from '@connectrpc/connect';
import { isJsonObject } from '@mcr/core';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { WebContext } from '../context.ts';
import { cameFrom } from './came-from.ts';
import { isForScript } from './creation.ts';
import type { AppEnv, Session } from './env.ts';
import { endedStream, isEventSource } from './event-source.ts';
import { setFlash } from './flash.ts';
import { forwardedFor } from './forwarded-for.ts';

/** Idle users are signed out (OWASP ASVS 5.0, 7.3.1); the expiry of the token is the absolute limit. */
const idleMs = 30 * 60_000;
/** Not every response has to set a cookie. */
const refreshMs = 60_000;

/** With this prefix browsers require Secure, no Domain and the path `/`. */
const cookieName = 'mcr-session';
const attributes = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const;

/** Paths that do not require a login. */
const publicPaths = /^\/(?:login|login\/callback|theme|pull|static\/[^/]*)$/;

/** Pages that the registry may show to guests: it decides, and where it does not, the visitor is asked to sign in. */
const guestPaths = /^\/(?:search|repositories(?:\/.*)?|(?:compare|files|download)\/.*)?$/;

/** Requests that pages send by themselves, which are no activity of their users. */
const ownRequests = /^\/(?:live\/.+|storage\/progress)$/;

/** A visitor without a session. The token is no secret: the registry gives it to every client without credentials. */
const guestSession: Session = { token: 'mcr-guest', username: 'Guest', roles: [], seen: 0, isGuest: true };

/** Whether a path requires no login. */
export function isPublic(path: string): boolean {
  return publicPaths.test(path);
}

/** Whether the user has access to admin pages, as far as the UI knows. */
export function isAdmin(session: Session | undefined): boolean {
  return session?.roles.includes('admin') === true;
}

/** What the user is a delegate for, as far as the UI knows; admins need no delegation. */
export function scopeOf(session: Session | undefined): readonly string[] | undefined {
  const { delegations = [] } = session ?? {};
  return isAdmin(session) || delegations.length === 0 ? undefined : delegations;
}

/** Identifies the user; redirects others to the login page, and back afterwards. */
export function requireSession({ clock, registry, log }: WebContext): MiddlewareHandler<AppEnv> {
  return async function requireSession(c, next) {
    const session = readSession(c);
    const idle = session === undefined ? 0 : clock.now() - session.seen;
    c.set('session', idle > idleMs ? undefined : session);
    if (session !== undefined && idle > idleMs) {
      await registry.auth.logout({}, asCaller(c, session)).catch((error: unknown) => {
        log.warn({ err: error, requestId: c.var.requestId }, 'token not revoked');
      });
      clearSession(c);
      setFlash(c, 'You were signed out after 30 minutes of inactivity');
    } else if (session !== undefined && idle > refreshMs && !ownRequests.test(c.req.path))
      writeSession(c, { ...session, seen: clock.now() });
    if (session === undefined && comesFromElsewhere(c)) return askAgain(c);
    if (c.var.session !== undefined || isPublic(c.req.path)) return next();
    // What was entered is carried through the login by the next handler, which lets no such form pass.
    if (c.req.method === 'POST' && !isForScript(c)) return next();
    if (c.req.method !== 'GET' || !guestPaths.test(c.req.path)) return toLogin(c);
    c.set('session', guestSession);
    return next();
  };
}

/**
 * When a user follows a link from another site, the browser omits the session cookie because of `SameSite=Strict`: only
 * a request from one of our own pages shows whether the user is signed in.
 */
function comesFromElsewhere(c: Context<AppEnv>): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  return c.req.method === 'GET' && (site === 'cross-site' || site === 'same-site');
}

/** A page that reloads itself: that request comes from our own page, and has the cookies. */
function askAgain(c: Context<AppEnv>): Response | Promise<Response> {
  return goOn(c, '');
}

/**
 * A page that goes on to a URL by itself. Unlike a redirect, it lets the next request come from our own page, with the
 * cookies, and leads to another site after a form, which the content security policy keeps redirects from.
 */
export function goOn(c: Context<AppEnv>, url: string): Response | Promise<Response> {
  const refresh = url === '' ? '0' : `0; url=${url}`;
  c.header('Cache-Control', 'no-store');
  return c.html(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>MCR</title><meta http-equiv="refresh" content="${refresh}"></head>
<body><p><a href="${url}">Continue</a></p></body></html>
`);
}

/** Stores who signed in, until the browser closes or the token expires. */
export function writeSession(c: Context<AppEnv>, session: Session): void {
  const value = Buffer.from(JSON.stringify(session)).toString('base64url');
  setCookie(c, cookieName, value, attributes);
}

/** Updates the roles and the delegations to the current ones from the registry. */
export function updateRoles(c: Context<AppEnv>, rights: Required<Pick<Session, 'roles' | 'delegations'>>): void {
  const { session } = c.var;
  const { roles, delegations = [] } = session ?? {};
  const isSame = roles?.join() === rights.roles.join() && delegations.join() === rights.delegations.join();
  if (session === undefined || isSame) return;
  c.set('session', { ...session, ...rights });
  writeSession(c, { ...session, ...rights });
}

/** Deletes the session. */
export function clearSession(c: Context<AppEnv>): void {
  deleteCookie(c, cookieName, attributes);
}

/** When the user is signed out unless there is activity, milliseconds since the epoch. */
export function idleAt({ seen }: Session): number {
  return seen + idleMs;
}

/** Responds that a login is required. A script that loads a part of a page is told to leave the page. */
export function toLogin(c: Context<AppEnv>): Response {
  const here = cameFrom(c);
  const login = here === '/' ? '/login' : `/login?${new URLSearchParams({ next: here }).toString()}`;
  if (isEventSource(c)) return endedStream(c);
  c.header('Cache-Control', 'no-store');
  if (!isForScript(c)) return c.redirect(login, 303);
  c.header('HX-Redirect', login);
  return c.body(null, 204);
}

/** Calls the registry on behalf of the signed-in user. */
export function asCaller(c: Context<AppEnv>, session = c.var.session): CallOptions {
  return {
    headers: {
      ...(session && { authorization: `Bearer ${session.token}` }),
      'x-forwarded-for': forwardedFor(c),
    },
  };
}

function readSession(c: Context<AppEnv>): Session | undefined {
  const value = getCookie(c, cookieName, 'host');
  if (value === undefined) return undefined;
  try {
    return toSession(JSON.parse(Buffer.from(value, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** A token is sent as a header, so other characters are invalid. */
const tokenText = /^[\x21-\x7e]+$/;

function toSession(value: unknown): Session | undefined {
  if (!isJsonObject(value)) return undefined;
  const { token, username, roles, delegations, seen } = value;
  if (typeof token !== 'string' || !tokenText.test(token) || typeof username !== 'string') return undefined;
  if (typeof seen !== 'number') return undefined;
  const texts = (list: unknown) => (Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []);
  return { token, username, roles: texts(roles), delegations: texts(delegations), seen };
}
