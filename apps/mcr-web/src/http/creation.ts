import type { Context } from 'hono';
import type { AppEnv } from './env.ts';
import { setFlash } from './flash.ts';

/** Whether a script loads a part of a page, instead of a browser the page. https://htmx.org/reference/#request_headers */
export function isForScript(c: Context<AppEnv>): boolean {
  return c.req.header('HX-Request') !== undefined;
}

/**
 * The response after a creation on the page of a list: a script gets the list with what is new in it, since a redirect could not say
 * which row that is. Browsers without a script are redirected to the list.
 */
export async function afterCreation(
  c: Context<AppEnv>,
  { list, message, show }: { readonly list: string; readonly message: string; readonly show: () => Promise<Response> },
): Promise<Response> {
  if (!isForScript(c)) {
    setFlash(c, message);
    return c.redirect(list, 303);
  }
  c.set('flash', message);
  c.header('HX-Replace-Url', list);
  return await show();
}
