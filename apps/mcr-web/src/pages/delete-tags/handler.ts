import { Code } from '@connectrpc/connect';
import type { TagDeletionPlan } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { field } from '../../http/form.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { repositoryVersion } from '../../live/topics.ts';
import { unless } from '../../registry/unless.ts';
import { waitingGarbage } from '../../registry/waiting-garbage.ts';
import { counted } from '../../ui/format.ts';
import { repositoryPath } from '../../ui/links.ts';
import { isEverything, parseTagFilter, type TagFilter, tagsRequest } from '../repository/tag-filter.ts';
import { deleteTagsView } from './view.ts';

/** Tags that one deletion may have. */
const maxDeleted = 1_000;

/** `GET /delete-tags/:name?tag=…`, or `?all=1` with filters of the list: a preview of deleting the tags, or those that match. */
export function planPage(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const repository = c.req.param('name') ?? '';
    const filter = c.req.query('all') === '1' ? parseTagFilter(new URL(c.req.url).searchParams) : undefined;
    const tags = filter === undefined ? (c.req.queries('tag') ?? []) : await matching(context, c, repository, filter);
    if (tags.length === 0) return c.redirect(repositoryPath(repository), 303);
    return await show(context, c, { repository, tags, keepManifests: c.req.query('keep') === '1', filter });
  };
}

/** Names of the tags that match, as far as one deletion may have them; none for a filter that leaves everything. */
async function matching(
  { registry, clock }: WebContext,
  c: Context<AppEnv>,
  repository: string,
  filter: TagFilter,
): Promise<string[]> {
  if (isEverything(filter)) return [];
  const request = { repository, ...tagsRequest(filter, clock.now()), pageSize: maxDeleted };
  const { tags } = await registry.registry.listTags(request, asCaller(c));
  return tags.map(({ name }) => name);
}

/** `POST /delete-tags/:name`: deletes what the preview showed, if that is still up to date. */
export function deleteTags(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const { form } = c.var;
    const repository = c.req.param('name') ?? '';
    const request = {
      repository,
      tags: form.getAll('tag'),
      keepManifests: field(form, 'keep') === '1',
      planId: field(form, 'plan'),
    };
    const response = await context.registry.registry
      .deleteTags(request, asCaller(c))
      .catch(unless([Code.AlreadyExists], () => undefined));
    if (response === undefined) return show(context, c, request, changed);
    const text = response.plan === undefined ? doneBefore(request.tags) : done(response.plan);
    setFlash(c, text + (await waitingGarbage(context.registry, asCaller(c))));
    return c.redirect(repositoryPath(repository), 303);
  };
}

function done({ tags, manifests }: TagDeletionPlan): string {
  return `Deleted ${counted(tags.length, 'tag')} and ${counted(manifests.length, 'manifest')}.`;
}

/** The form was submitted twice: what it requested is done. */
function doneBefore(tags: readonly string[]): string {
  return `The ${counted(tags.length, 'tag')} ${tags.length === 1 ? 'has' : 'have'} already been deleted.`;
}

const changed =
  'The repository has changed since the preview, so nothing was deleted. This is what would be deleted now.';

interface Asked {
  readonly repository: string;
  readonly tags: string[];
  readonly keepManifests: boolean;
  /** What they were selected by, if not one by one. */
  readonly filter?: TagFilter | undefined;
}

async function show({ registry }: WebContext, c: Context<AppEnv>, asked: Asked, problem?: string): Promise<Response> {
  const { repository, tags, keepManifests, filter } = asked;
  // Before the plan: a push between the two is news.
  const version = problem === undefined ? await versionOf(registry, c, repository) : undefined;
  const response = await registry.registry
    .planTagDeletion({ repository, tags, keepManifests }, asCaller(c))
    .catch(unless([Code.NotFound], () => undefined));
  if (response === undefined) {
    setFlash(c, 'Some of the tags no longer exist, so nothing was deleted. Select the tags again.');
    return c.redirect(repositoryPath(repository), 303);
  }
  const { plan } = response;
  if (plan === undefined) throw new Error('The response of the registry has no plan');
  const view = deleteTagsView({ csrf: c.var.csrf, repository, plan, keepManifests, filter, version, problem });
  return respond(c, view, problem === undefined ? 200 : 409);
}

async function versionOf({ registry }: WebContext['registry'], c: Context<AppEnv>, name: string) {
  const found = await registry
    .getRepository({ name }, asCaller(c))
    .catch(unless([Code.NotFound], () => ({ repository: undefined })));
  return repositoryVersion(found.repository);
}
