import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { field } from '../../http/form.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { counted } from '../../ui/format.ts';
import { repositoryPath } from '../../ui/links.ts';
import { deleteTagsView } from './view.ts';

/** `GET /delete-tags/:name?tag=…`: what deleting the tags does, before it is done. */
export function planPage({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const repository = c.req.param('name') ?? '';
    const tags = c.req.queries('tag') ?? [];
    const keepManifests = c.req.query('keep') === '1';
    if (tags.length === 0) return c.redirect(repositoryPath(repository), 303);
    const { plan } = await registry.registry.planTagDeletion({ repository, tags, keepManifests }, asCaller(c));
    if (plan === undefined) throw new Error('The registry answered without a plan');
    return respond(c, deleteTagsView({ csrf: c.var.csrf, repository, plan, keepManifests }));
  };
}

/** `POST /delete-tags/:name`: deletes what the plan said, and only if it still holds. */
export function deleteTags({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const { form } = c.var;
    const repository = c.req.param('name') ?? '';
    const request = {
      repository,
      tags: form.getAll('tag'),
      keepManifests: field(form, 'keep') === '1',
      planId: field(form, 'plan'),
    };
    const { plan } = await registry.registry.deleteTags(request, asCaller(c));
    const manifests = counted(plan?.manifests.length ?? 0, 'manifest');
    setFlash(c, `Deleted ${counted(plan?.tags.length ?? 0, 'tag')} and ${manifests}.`);
    return c.redirect(repositoryPath(repository), 303);
  };
}
