import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, updateRoles, writeSession } from '../../http/session.ts';
import { problemOf } from '../../registry/unless.ts';
import { meView } from './view.ts';

/** `GET /me`: the signed-in user, and what they may do, everywhere or in one repository. */
export function mePage(context: WebContext): Handler<AppEnv> {
  return (c) => show(context, c);
}

/** `POST /me/password`: changes the user's password, and stores the new token in the session. */
export function changePassword(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const { form, session } = c.var;
    const [currentPassword, newPassword] = [form.get('current') ?? '', form.get('password') ?? ''];
    if (newPassword !== (form.get('repeated') ?? '')) return show(context, c, 'The new passwords do not match.');
    const change = async () => {
      const { token } = await context.registry.auth.changePassword({ currentPassword, newPassword }, asCaller(c));
      if (session !== undefined) writeSession(c, { ...session, token });
    };
    const problem = await problemOf(change());
    if (problem !== undefined) return show(context, c, problem);
    setFlash(c, 'Changed your password. You were signed out everywhere else.');
    return c.redirect('/me', 303);
  };
}

async function show({ registry }: WebContext, c: Context<AppEnv>, problem?: string): Promise<Response> {
  const repository = c.req.query('repository')?.trim() ?? '';
  const [who, { permissions }] = await Promise.all([
    registry.auth.whoAmI({}, asCaller(c)),
    registry.auth.listPermissions(repository === '' ? {} : { repository }, asCaller(c)),
  ]);
  updateRoles(c, { roles: who.principal?.roles ?? [], delegations: who.delegations });
  const view = meView({ csrf: c.var.csrf, who, repository, permissions, problem });
  return respond(c, view, problem === undefined ? 200 : 422);
}
