import type { MiddlewareHandler } from 'hono';
import { deniedView } from '../pages/errors/view.ts';
import type { AppEnv } from './env.ts';
import { respond } from './respond.ts';
import { isAdmin } from './session.ts';

/** Rejects immediately what the registry would reject anyway, without an audit event for each attempt. */
export const adminOnly: MiddlewareHandler<AppEnv> = async function adminOnly(c, next) {
  const { session } = c.var;
  if (isAdmin(session)) return next();
  const message = 'Requires the admin role';
  return respond(c, deniedView({ message, username: session?.username ?? '' }), 403);
};
