import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, isAdmin } from '../../http/session.ts';
import { nameFor } from '../../registry/registry-name.ts';
import { homeView } from './view.ts';

const listed = 10;
const days = 30;

/** `GET /`: what is here and what changed; for admins also how much it takes, what happens, and whether all is well. */
export function homePage({ config, registry, clock }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const caller = asCaller(c);
    const repositories = (sort: string) => registry.registry.listRepositories({ sort, pageSize: listed }, caller);
    const [health, recent, largest, operation] = await Promise.all([
      registry.admin.health({}),
      repositories('last_push'),
      repositories('size'),
      isAdmin(c.var.session) ? readOperation(registry, caller) : undefined,
    ]);
    const name = nameFor(health, config, c.req.url);
    const view = homeView({
      name,
      version: health.version,
      recent: recent.repositories,
      largest: largest.repositories,
      operation,
      now: clock.now(),
    });
    return respond(c, view);
  };
}

async function readOperation(registry: WebContext['registry'], caller: ReturnType<typeof asCaller>) {
  const [statistics, usage, pushes, activity, gc, snapshots] = await Promise.all([
    registry.admin.getStatistics({}, caller),
    registry.admin.getStorageUsage({}, caller),
    registry.audit.listAuditEvents({ eventType: 'manifest_pushed', pageSize: listed }, caller),
    registry.audit.getActivity({ days }, caller),
    registry.registry.getGCStatus({}, caller),
    registry.admin.listSnapshots({ pageSize: 1 }, caller),
  ]);
  return { statistics, usage, pushes: pushes.events, activity: activity.days, gc, snapshot: snapshots.snapshots[0] };
}
