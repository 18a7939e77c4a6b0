import type { Context } from 'hono';
import type { WebContext } from '../../context.ts';
import { cameFrom } from '../../http/came-from.ts';
import { issueToken } from '../../http/csrf-token.ts';
import type { AppEnv } from '../../http/env.ts';
import { deleteFlash } from '../../http/flash.ts';
import { keepForm } from '../../http/kept-form.ts';
import { respond } from '../../http/respond.ts';
import { toLogin } from '../../http/session.ts';
import { loginView } from './view.ts';

/** The response to a form whose session has expired, and that this UI has sent: the login page, which carries the form. */
export async function askToSignIn(
  { formKey, providers }: Pick<WebContext, 'formKey' | 'providers'>,
  c: Context<AppEnv>,
  form: URLSearchParams,
): Promise<Response> {
  const kept = keepForm(c, form);
  if (kept === undefined) return toLogin(c);
  c.set('session', undefined);
  issueToken(c, formKey, undefined);
  // The page itself says that the session is over.
  deleteFlash(c);
  const { csrf, host } = c.var;
  const props = { csrf, host, next: cameFrom(c), username: '', providers: await providers.list(), kept };
  return await respond(c, loginView(props), 401);
}
