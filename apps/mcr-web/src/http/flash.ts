import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppEnv } from './env.ts';

/** The result of a change, shown on the next page. It is rendered as text, so that forging it is useless. */
const cookieName = 'mcr-flash';
const attributes = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const;
/** Long enough for a redirect. */
const maxAge = 30;
const maxLength = 500;

/** Stores a message for the next page. */
export function setFlash(c: Context<AppEnv>, message: string): void {
  const value = Buffer.from(message.slice(0, maxLength)).toString('base64url');
  setCookie(c, cookieName, value, { ...attributes, maxAge });
}

/** The message of this change, or of the previous one. */
export function takeFlash(c: Context<AppEnv>): string | undefined {
  if (c.var.flash !== undefined) return c.var.flash;
  const value = getCookie(c, cookieName, 'host');
  return value === undefined ? undefined : Buffer.from(value, 'base64url').toString().slice(0, maxLength);
}

/** Ensures that it is shown once. */
export function deleteFlash(c: Context<AppEnv>): void {
  deleteCookie(c, cookieName, attributes);
}
