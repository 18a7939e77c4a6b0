import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { field } from '../../http/form.ts';
import { keptNote } from '../../http/kept-form.ts';
import { readsAudit } from '../../http/reads-audit.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, isAdmin } from '../../http/session.ts';
import { nameFor } from '../../registry/registry-name.ts';
import { problemOf } from '../../registry/unless.ts';
import { repositoryPath } from '../../ui/links.ts';
import { manifestPage } from '../manifest/handler.ts';
import type { RepositoryProps, TypedDescription } from './props.ts';
import { readReadme } from './readme.ts';
import { isEverything, parseTagFilter, tagsRequest } from './tag-filter.ts';
import { repositoryView } from './view.ts';

const pageSize = 50;
/** Images, or tags by when they were pushed: their rows are tall, and say most. */
const imagesPerPage = 25;
/** Tags of an image in its row. */
const tagsPerImage = 10;
/** How the registry sorts: images by their newest versions, or tags by when they were pushed. */
const orders = {
  version: { sort: 'newest_version', tagsPerImage },
  updated: { sort: 'updated' },
} as const;
const manifestPathPattern = /^(?<name>.+)\/manifests\/(?<reference>[^/]+:.+)$/;
const tagPathPattern = /^(?<name>[^:@]+):(?<reference>[^/:]+)$/;

/** `GET /repositories/:path`: a repository, one of its tags, or one of its manifests. Names cannot contain a colon. */
export function repositoryPages(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const path = c.req.param('path') ?? '';
    const { name, reference } = (manifestPathPattern.exec(path) ?? tagPathPattern.exec(path))?.groups ?? {};
    if (name !== undefined && reference !== undefined) return manifestPage(context, c, name, reference);
    return repositoryPage(context, c, path);
  };
}

/** `POST /repositories/:path`: changes the description of a repository. */
export function describeRepository(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const name = c.req.param('path') ?? '';
    const description = field(c.var.form, 'description');
    const change = () => context.registry.registry.updateRepository({ name, description }, asCaller(c));
    const problem = keptNote(c) ?? (await problemOf(change()));
    if (problem !== undefined) return repositoryPage(context, c, name, { description, problem });
    setFlash(c, description === '' ? `Removed the description of ${name}.` : `Changed the description of ${name}.`);
    return c.redirect(repositoryPath(name), 303);
  };
}

/** The content of a repository: its tags, or all of its manifests. */
async function repositoryPage(
  context: WebContext,
  c: Context<AppEnv>,
  repository: string,
  typed?: TypedDescription,
): Promise<Response> {
  const { registry, config, clock } = context;
  const caller = asCaller(c);
  const url = new URL(c.req.url);
  const view = viewOf(url);
  const filter = parseTagFilter(url.searchParams);
  const query = tagsRequest(filter, clock.now());
  const sort = url.searchParams.get('sort') === 'updated' ? 'updated' : 'version';
  const page = { repository, pageSize, pageToken: url.searchParams.get('page') ?? '' };
  const tagsPage = {
    ...page,
    pageSize: imagesPerPage,
    ...query,
    ...orders[sort],
    details: true,
    countMatches: !isEverything(filter),
  };
  const [found, usage, health, tags, manifests, layers, readme] = await Promise.all([
    registry.registry.getRepository({ name: repository }, caller),
    registry.registry.getRepositoryUsage({ name: repository }, caller),
    context.health.get(),
    view === 'tags' ? registry.registry.listTags(tagsPage, caller) : undefined,
    view === 'manifests' ? registry.registry.listManifests(page, caller) : undefined,
    view === 'layers' ? registry.registry.listLayers(page, caller) : undefined,
    view === 'readme' ? readReadme(registry.registry, repository, caller) : undefined,
  ]);
  const content = repositoryView({
    view,
    url,
    name: nameFor(health, config, c.req.url),
    repository: found.repository ?? raise(),
    uniqueSize: usage.uniqueSize,
    filter,
    sort,
    tags,
    manifests,
    layers,
    readme,
    isAdmin: isAdmin(c.var.session),
    readsAudit: readsAudit(c.var.session, repository),
    csrf: c.var.csrf,
    typed,
    now: clock.now(),
  });
  return respond(c, content, typed === undefined ? 200 : 422);
}

/** The view that a page is asked for; the tags by default. */
function viewOf(url: URL): RepositoryProps['view'] {
  const view = url.searchParams.get('view');
  return view === 'manifests' || view === 'layers' || view === 'readme' ? view : 'tags';
}

function raise(): never {
  throw new Error('The response of the registry has no repository');
}
