import { BodyBytes, networkOf, recordOf } from '@mcr/server-kit';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { WebContext } from '../context.ts';
import { untrustedFormView } from '../pages/errors/view.ts';
import { askToSignIn } from '../pages/login/expired.ts';
import { cameFrom } from './came-from.ts';
import { csrfCookie, isSame, isSigned, issueToken, keyOf } from './csrf-token.ts';
import type { AppEnv } from './env.ts';
import { readForm } from './form.ts';
import { isMisplaced } from './kept-form.ts';
import { respond } from './respond.ts';
import { isPublic, toLogin } from './session.ts';

/** Memory bounds of all forms in progress, and of those of one client. */
const bodyBounds = { bytes: 32 * 1024 * 1024, bytesOfAccount: 4 * 1024 * 1024 };

/**
 * Allows a form to change something only if it came from a page of this UI in the same session: the origin must be
 * ours, and the form must repeat the token of the cookie, which is signed with a key of the session (OWASP, signed
 * double-submit cookie). Before the login the key is that of the process. A form whose session has expired changes nothing: it is
 * carried through the login, or lost if another site may have sent it.
 */
export function protectForms(context: WebContext): MiddlewareHandler<AppEnv> {
  const { config, formKey } = context;
  const bodies = new BodyBytes(bodyBounds);
  const publicOrigin = config.web.publicUrl === undefined ? undefined : new URL(config.web.publicUrl).origin;
  return async function protectForm(c, next) {
    const { session } = c.var;
    const key = keyOf(session, formKey);
    const cookie = getCookie(c, csrfCookie, 'host') ?? '';
    if (isSigned(cookie, key)) c.set('csrf', cookie);
    else issueToken(c, formKey, session);
    if (c.req.method !== 'POST') return next();

    using held = bodies.meter(networkOf(recordOf(c.env.incoming).ip));
    const form = await readForm(c, held.add);
    if (session === undefined && !isPublic(c.req.path)) {
      return form === undefined || !isOwnOrigin(c, publicOrigin) ? toLogin(c) : await askToSignIn(context, c, form);
    }
    if (form === undefined) return reject(c, 'The form could not be read.');
    if (!isOwnOrigin(c, publicOrigin)) return reject(c, 'The form was sent from another site.');
    const sent = form.get('csrf') ?? '';
    if (!isSigned(cookie, key) || !isSame(sent, cookie))
      return reject(c, 'The form has expired, or is from another site.');
    if (isMisplaced(c, form)) return reject(c, 'This form cannot be shown again.');
    c.set('form', form);
    await next();
    return undefined;
  };
}

/** Browsers send at least one of the two headers with every form. */
function isOwnOrigin(c: Context<AppEnv>, publicOrigin: string | undefined): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = c.req.header('Origin');
  if (origin === undefined) return site === 'same-origin';
  if (origin === publicOrigin) return true;
  return URL.canParse(origin) && new URL(origin).host === c.req.header('Host');
}

function reject(c: Context<AppEnv>, reason: string): Promise<Response> {
  return respond(c, untrustedFormView({ reason, path: cameFrom(c) }), 403);
}
