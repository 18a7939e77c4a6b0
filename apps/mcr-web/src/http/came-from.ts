import type { Context } from 'hono';
import type { AppEnv } from './env.ts';
import { nextPath } from './next-path.ts';

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
