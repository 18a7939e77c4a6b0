import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { BodyBytes, networkOf, recordOf } from '@mcr/server-kit';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { WebContext } from '../context.ts';
import { untrustedFormView } from '../pages/errors/view.ts';
import { cameFrom } from './came-from.ts';
import type { AppEnv } from './env.ts';
import { readForm } from './form.ts';
import { respond } from './respond.ts';

const cookieName = 'mcr-csrf';
const nonceBytes = 16;
/** Memory bounds of all forms in progress, and of those of one client. */
const bodyBounds = { bytes: 32 * 1024 * 1024, bytesOfAccount: 4 * 1024 * 1024 };

/**
 * Allows a form to change something only if it came from a page of this UI in the same session: the origin must be
 * ours, and the form must repeat the token of the cookie, which is signed with a key of the session (OWASP, signed
 * double-submit cookie). Before the login the key is that of the process.
 */
export function protectForms({ config, formKey }: WebContext): MiddlewareHandler<AppEnv> {
  const bodies = new BodyBytes(bodyBounds);
  const publicOrigin = config.web.publicUrl === undefined ? undefined : new URL(config.web.publicUrl).origin;
  return async function protectForm(c, next) {
    const key = c.var.session?.isGuest ? formKey : (c.var.session?.token ?? formKey);
    const cookie = getCookie(c, cookieName, 'host') ?? '';
    if (isSigned(cookie, key)) c.set('csrf', cookie);
    else issue(c, key);
    if (c.req.method !== 'POST') return next();

    using held = bodies.meter(networkOf(recordOf(c.env.incoming).ip));
    const form = await readForm(c, held.add);
    if (form === undefined) return reject(c, 'The form could not be read.');
    if (!isOwnOrigin(c, publicOrigin)) return reject(c, 'The form was sent from another site.');
    const sent = form.get('csrf') ?? '';
    if (!isSigned(cookie, key) || !isSame(sent, cookie))
      return reject(c, 'The form has expired, or is from another site.');
    c.set('form', form);
    await next();
    return undefined;
  };
}

function issue(c: Context<AppEnv>, key: string): void {
  const nonce = randomBytes(nonceBytes).toString('base64url');
  const token = `${nonce}.${sign(nonce, key)}`;
  c.set('csrf', token);
  setCookie(c, cookieName, token, { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' });
}

function sign(nonce: string, key: string): string {
  return createHmac('sha256', key).update(`csrf ${nonce}`).digest('base64url');
}

function isSigned(token: string, key: string): boolean {
  const [nonce = '', signature = ''] = token.split('.');
  return nonce !== '' && isSame(signature, sign(nonce, key));
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
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
