import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, isAdmin } from '../../http/session.ts';
import { nameFor } from '../../registry/registry-name.ts';
import { repositoriesView } from './view.ts';

const pageSize = 50;
const sorts: ReadonlySet<string> = new Set(['name', 'size', 'last_push']);

/** `GET /repositories`: repositories by name, size or last push, filtered by a part of the name. */
export function repositoriesPage({ config, registry, clock, health: known }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const url = new URL(c.req.url);
    const search = (url.searchParams.get('q') ?? '').trim();
    const asked = url.searchParams.get('sort') ?? '';
    const sort = sorts.has(asked) ? asked : 'last_push';
    const pageToken = url.searchParams.get('page') ?? '';
    const [list, health] = await Promise.all([
      registry.registry.listRepositories({ search, sort, pageSize, pageToken }, asCaller(c)),
      known.get(),
    ]);
    const name = nameFor(health, config, c.req.url);
    return respond(
      c,
      repositoriesView({ url, search, sort, list, name, isAdmin: isAdmin(c.var.session), now: clock.now() }),
    );
  };
}
