import type { MiddlewareHandler } from 'hono';
import { deniedView } from '../pages/errors/view.ts';
import type { AppEnv } from './env.ts';
import { respond } from './respond.ts';
import { isAdmin } from './session.ts';

/** Says at once what the registry would say anyway, without an event in its audit log for each look. */
export const adminOnly: MiddlewareHandler<AppEnv> = async function adminOnly(c, next) {
  const { session } = c.var;
  if (isAdmin(session)) return next();
  const message = 'This needs the role admin';
  return respond(c, deniedView({ message, username: session?.username ?? '' }), 403);
};
