import { Code, ConnectError } from '@connectrpc/connect';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { field } from '../../http/form.ts';
import { nextPath } from '../../http/next-path.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, clearSession, writeSession } from '../../http/session.ts';
import { loginView } from './view.ts';

/** `GET /login`: asks for name and password. */
export const loginPage: Handler<AppEnv> = (c) => {
  const next = nextPath(c.req.query('next'));
  if (c.var.session !== undefined) return c.redirect(next, 303);
  return respond(c, loginView({ csrf: c.var.csrf, next, username: '' }));
};

/** `POST /login`: signs in, and goes to where somebody wanted to be. */
export function login({ registry, throttle }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const { form } = c.var;
    const username = field(form, 'username');
    const ip = c.env.incoming.socket.remoteAddress ?? '';
    const wait = throttle.waitSeconds(username, ip);
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return refuse(c, username, `Too many attempts. Try again in ${wait} s.`, 429);
    }
    try {
      const credentials = { username, password: form.get('password') ?? '' };
      const { token, principal } = await registry.auth.login(credentials, asCaller(c));
      throttle.succeeded(username);
      const known = principal ?? (await whoIs(registry, token));
      writeSession(c, { token, username: known?.username ?? username, roles: known?.roles ?? [] });
      return c.redirect(nextPath(form.get('next') ?? undefined), 303);
    } catch (error) {
      const code = error instanceof ConnectError ? error.code : undefined;
      if (code === Code.ResourceExhausted) return refuse(c, username, 'Too many attempts. Try again in a minute.', 429);
      if (code !== Code.Unauthenticated && code !== Code.InvalidArgument) throw error;
      throttle.failed(username, ip);
      return refuse(c, username, 'The name or the password is wrong.', 401);
    }
  };
}

/** `POST /logout`: makes the token worthless, and forgets it in any case. */
export function logout({ registry, log }: WebContext): Handler<AppEnv> {
  return async (c) => {
    await registry.auth.logout({}, asCaller(c)).catch((error: unknown) => {
      log.warn({ err: error, requestId: c.var.requestId }, 'token not revoked');
    });
    clearSession(c);
    c.header('Clear-Site-Data', '"cache"');
    return c.redirect('/login', 303);
  };
}

async function whoIs(registry: WebContext['registry'], token: string) {
  const headers = { authorization: `Bearer ${token}` };
  return (await registry.auth.whoAmI({}, { headers })).principal;
}

function refuse(c: Context<AppEnv>, username: string, problem: string, status: 401 | 429): Promise<Response> {
  const next = nextPath(c.var.form.get('next') ?? undefined);
  return respond(c, loginView({ csrf: c.var.csrf, next, username, problem }), status);
}
