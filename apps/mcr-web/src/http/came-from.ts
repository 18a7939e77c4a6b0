import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/**
 * A page that can be opened again: the requested one, or the one that contained the form or script. Browsers send it
 * only to us, because of our Referrer-Policy; the default is the front page.
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
