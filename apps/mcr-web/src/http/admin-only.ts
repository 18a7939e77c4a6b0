import type { Context, MiddlewareHandler } from 'hono';
import { deniedView } from '../pages/errors/view.ts';
import type { AppEnv } from './env.ts';
import { respond } from './respond.ts';
import { isAdmin, scopeOf } from './session.ts';

/** Rejects immediately what the registry would reject anyway, without an audit event for each attempt. */
export const adminOnly: MiddlewareHandler<AppEnv> = async function adminOnly(c, next) {
  return isAdmin(c.var.session) ? next() : denied(c, 'Requires the admin role');
};

/** The same for what admins do, and delegates within their delegations, which the registry looks at. */
export const managersOnly: MiddlewareHandler<AppEnv> = async function managersOnly(c, next) {
  const { session } = c.var;
  if (isAdmin(session) || scopeOf(session) !== undefined) return next();
  return denied(c, 'Requires the admin role or a delegation');
};

function denied(c: Context<AppEnv>, message: string): Promise<Response> {
  return respond(c, deniedView({ message, username: c.var.session?.username ?? '' }), 403);
}
