import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, updateRoles } from '../../http/session.ts';
import { meView } from './view.ts';

/** `GET /me`: who is signed in, and what they may do, everywhere or in one repository. */
export function mePage({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const repository = c.req.query('repository')?.trim() ?? '';
    const [who, { permissions }] = await Promise.all([
      registry.auth.whoAmI({}, asCaller(c)),
      registry.auth.listPermissions(repository === '' ? {} : { repository }, asCaller(c)),
    ]);
    updateRoles(c, who.principal?.roles ?? []);
    return respond(c, meView({ who, repository, permissions }));
  };
}
