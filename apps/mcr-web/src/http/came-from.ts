import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/**
 * A page that can be opened again: the one that was asked for, or the one that a form, or the script of a page, was on.
 * Browsers name it to us, and to nobody else, as our Referrer-Policy says; else it is the front page.
 */
export function cameFrom(c: Context<AppEnv>): string {
  const isPage = c.req.method !== 'POST' && c.req.header('HX-Request') === undefined;
  const text = isPage ? c.req.url : (c.req.header('Referer') ?? '');
  if (!URL.canParse(text)) return '/';
  const { pathname, search } = new URL(text);
  return nextPath(`${pathname}${search}`);
}

const base = 'https://mcr.invalid';

/** Where to go after the login: a path of this UI as `next` names it, else the front page. */
export function nextPath(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next) || next.includes('\\')) return '/';
  const url = new URL(next, base);
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/';
}
