import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppEnv } from './env.ts';

/** What a change says of itself on the page that follows it. It is shown as text, so that nobody gains by forging it. */
const cookieName = 'mcr-flash';
const attributes = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const;
/** Long enough for a redirect. */
const maxAge = 30;
const maxLength = 500;

/** Leaves a message for the next page. */
export function setFlash(c: Context<AppEnv>, message: string): void {
  const value = Buffer.from(message.slice(0, maxLength)).toString('base64url');
  setCookie(c, cookieName, value, { ...attributes, maxAge });
}

/** The message that the change before left. */
export function takeFlash(c: Context<AppEnv>): string | undefined {
  const value = getCookie(c, cookieName, 'host');
  return value === undefined ? undefined : Buffer.from(value, 'base64url').toString().slice(0, maxLength);
}

/** Shows it once. */
export function deleteFlash(c: Context<AppEnv>): void {
  deleteCookie(c, cookieName, attributes);
}
