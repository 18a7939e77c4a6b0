import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Fragment } from '../layout.ts';
import type { AppEnv } from './env.ts';

/** Answers with a page. Pages show what is now, and some of them to one person only: nobody keeps them. */
export async function respond(
  c: Context<AppEnv>,
  page: Fragment,
  status: ContentfulStatusCode = 200,
): Promise<Response> {
  const text = String(await page);
  c.header('Cache-Control', 'no-store');
  c.header('Content-Length', String(Buffer.byteLength(text)));
  return c.html(text, status);
}
