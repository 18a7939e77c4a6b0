import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { field } from '../../http/form.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { wasGone } from '../../registry/unless.ts';
import { waitingGarbage } from '../../registry/waiting-garbage.ts';
import { deleteRepositoryView } from './view.ts';

/** Enough to recognize the repository. */
const listed = 100;

/** `GET /delete-repository/:name`: a preview of the deletion. */
export function deleteRepositoryPage(context: WebContext): Handler<AppEnv> {
  return (c) => show(context, c);
}

/** `POST /delete-repository/:name`: deletes it if its name was typed. */
export function deleteRepository(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const name = c.req.param('name') ?? '';
    if (field(c.var.form, 'confirm') !== name) return show(context, c, 'Type the name exactly as it is shown.');
    const isGone = await wasGone(context.registry.registry.deleteRepository({ name }, asCaller(c)));
    const done = isGone ? `The repository ${name} has already been deleted.` : `Deleted the repository ${name}.`;
    setFlash(c, done + (await waitingGarbage(context.registry, asCaller(c))));
    return c.redirect('/repositories', 303);
  };
}

async function show({ registry }: WebContext, c: Context<AppEnv>, problem?: string): Promise<Response> {
  const name = c.req.param('name') ?? '';
  const [found, usage, { tags }] = await Promise.all([
    registry.registry.getRepository({ name }, asCaller(c)),
    registry.registry.getRepositoryUsage({ name }, asCaller(c)),
    registry.registry.listTags({ repository: name, pageSize: listed }, asCaller(c)),
  ]);
  if (found.repository === undefined) throw new Error('The response of the registry has no repository');
  const { repository } = found;
  const props = { csrf: c.var.csrf, repository, uniqueSize: usage.uniqueSize, tags, problem };
  return respond(c, deleteRepositoryView(props), problem === undefined ? 200 : 422);
}
