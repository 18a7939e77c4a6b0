import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { layout } from '../layout.ts';
import { type Fragment, type Page } from '../ui/page.ts';
import { cameFrom } from './came-from.ts';
import { isForScript } from './creation.ts';
import type { AppEnv } from './env.ts';
import { deleteFlash, takeFlash } from './flash.ts';
import { themeOf } from './theme.ts';

/**
 * Responds with a page in its frame. Pages show the current state, most of them for one user, so they must not be
 * cached. For an error while loading a part of a page only the message is sent, which is shown above the page.
 */
export async function respond(c: Context<AppEnv>, page: Page, status: ContentfulStatusCode = 200): Promise<Response> {
  c.header('Vary', 'HX-Request');
  const isPart = isForScript(c);
  // A rejected form is shown again in its place, which its hx-select-oob names; the list stays.
  if (isPart && status === 422) c.header('HX-Reswap', 'none');
  else if (isPart && status >= 400) return await alert(c, page, status);
  const flash = takeFlash(c);
  if (flash !== undefined) deleteFlash(c);
  const frame = {
    session: c.var.session,
    csrf: c.var.csrf,
    theme: themeOf(c),
    url: new URL(c.req.url),
    host: c.var.host,
    here: cameFrom(c),
    staticFiles: c.var.staticFiles,
    flash,
  };
  return await send(c, layout(page, frame), status);
}

/** Responds with a part of a page that a script inserts. */
export async function respondPart(c: Context<AppEnv>, part: Fragment): Promise<Response> {
  c.header('Vary', 'HX-Request');
  return await send(c, part, 200);
}

async function alert(c: Context<AppEnv>, { title }: Page, status: ContentfulStatusCode): Promise<Response> {
  c.header('HX-Retarget', '#alerts');
  c.header('HX-Reswap', 'innerHTML');
  c.header('HX-Reselect', '#alert');
  return await send(c, html`<p id="alert" class="problem">${title}</p>`, status);
}

async function send(c: Context<AppEnv>, content: Fragment, status: ContentfulStatusCode): Promise<Response> {
  const text = String(await content);
  c.header('Cache-Control', 'no-store');
  c.header('Content-Length', String(Buffer.byteLength(text)));
  return c.html(text, status);
}
