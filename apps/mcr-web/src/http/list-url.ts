import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/** The page of a list that a form was submitted from: such forms repeat its query. */
export function listUrl(c: Context<AppEnv>, path: string): URL {
  const url = new URL(c.req.url);
  url.pathname = path;
  return url;
}

/** Redirects back to that page. */
export function backToList(c: Context<AppEnv>, path: string): Response {
  const { pathname, search } = listUrl(c, path);
  return c.redirect(`${pathname}${search}`, 303);
}
