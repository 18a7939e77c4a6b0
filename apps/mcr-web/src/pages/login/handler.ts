import { Code, ConnectError } from '@connectrpc/connect';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import { nextPath } from '../../http/came-from.ts';
import { issueToken } from '../../http/csrf-token.ts';
import type { AppEnv, Session } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { field } from '../../http/form.ts';
import { isKeptFor, readKept } from '../../http/kept-form.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, clearSession, goOn, writeSession } from '../../http/session.ts';
import { sessionOf } from '../../http/session-of.ts';
import { keptView } from './kept-view.ts';
import { beginSignIn } from './sign-in.ts';
import { type LoginProps, loginView } from './view.ts';

/** What the form is shown with again. */
type Form = Pick<LoginProps, 'username' | 'providers'>;

/** Default wait if the registry does not return one. */
const usualWaitSeconds = '2';

/** `GET /login`: the login form; with `?sso=NAME` the way to a provider. */
export function loginPage(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const next = nextPath(c.req.query('next'));
    if (c.var.session !== undefined) return c.redirect(next, 303);
    const provider = c.req.query('sso');
    if (provider !== undefined) return await beginSignIn(c, context, provider);
    const providers = await context.providers.list();
    return await respond(c, loginView({ csrf: c.var.csrf, host: c.var.host, next, username: '', providers }));
  };
}

/** `POST /login`: signs in, and redirects to the requested page. */
export function login(context: WebContext): Handler<AppEnv> {
  const { registry, providers } = context;
  return async (c) => {
    const { form } = c.var;
    const username = field(form, 'username');
    try {
      const credentials = { username, password: form.get('password') ?? '' };
      const session = await sessionOf(context, await registry.auth.login(credentials, asCaller(c)));
      writeSession(c, session);
      return await goOnAs(session, c, context);
    } catch (error) {
      const code = error instanceof ConnectError ? error.code : undefined;
      if (code === Code.ResourceExhausted)
        return rejectForNow(c, { username, providers: await providers.list() }, error as ConnectError);
      if (code !== Code.Unauthenticated && code !== Code.InvalidArgument) throw error;
      return reject(c, { username, providers: await providers.list() }, 'The name or the password is wrong.', 401);
    }
  };
}

/** To the requested page, or to the form that was sent after the session had expired, if the same account has signed in again. */
async function goOnAs(session: Session, c: Context<AppEnv>, { formKey }: WebContext): Promise<Response> {
  const next = nextPath(c.var.form.get('next') ?? undefined);
  const kept = readKept(c.var.form);
  if (kept === undefined) return c.redirect(next, 303);
  if (!isKeptFor(kept, session.username, formKey)) {
    setFlash(c, 'What was entered before is not shown: it was entered by another account.');
    return c.redirect(next, 303);
  }
  c.set('session', session);
  issueToken(c, formKey, session);
  return await respond(c, keptView({ csrf: c.var.csrf, kept, next }));
}

/** `POST /logout`: revokes the token, deletes the session in any case, and signs out at the provider. */
export function logout({ registry, log, live }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const response = await registry.auth.logout({}, asCaller(c)).catch((error: unknown) => {
      log.warn({ err: error, requestId: c.var.requestId }, 'token not revoked');
      return undefined;
    });
    if (c.var.session !== undefined) live.endSession(c.var.session.token);
    clearSession(c);
    c.header('Clear-Site-Data', '"cache"');
    const elsewhere = response?.location ?? '';
    return elsewhere === '' ? c.redirect('/login', 303) : await goOn(c, elsewhere);
  };
}

/** The registry counts failed logins by the browser's address, and returns how long to wait. */
function rejectForNow(c: Context<AppEnv>, form: Form, { metadata }: ConnectError): Promise<Response> {
  const seconds = metadata.get('retry-after') ?? usualWaitSeconds;
  c.header('Retry-After', seconds);
  return reject(c, form, `Too many attempts. Try again in ${seconds} s.`, 429);
}

function reject(c: Context<AppEnv>, form: Form, problem: string, status: 401 | 429): Promise<Response> {
  const next = nextPath(c.var.form.get('next') ?? undefined);
  return respond(
    c,
    loginView({ csrf: c.var.csrf, host: c.var.host, next, ...form, problem, kept: readKept(c.var.form) }),
    status,
  );
}
