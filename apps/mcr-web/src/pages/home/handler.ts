import { Code } from '@connectrpc/connect';
import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, isAdmin } from '../../http/session.ts';
import { nameFor } from '../../registry/registry-name.ts';
import { unless } from '../../registry/unless.ts';
import { groupPushes } from './pushes.ts';
import { homeView } from './view.ts';

const listed = 10;
const days = 30;
/** Maximum number of events to fold into pushes: an index for ten platforms with attestations is 21. */
const readPushes = 200;
/** Users without access to the statistics see the sums of the first page of the list. */
const summed = 1_000;

/** Roles change during a session, and rules may deny the list itself: the front page shows the rest. */
const notShown = unless([Code.PermissionDenied], () => undefined);

/** `GET /`: repositories and recent pushes; for admins also usage, activity and state. */
export function homePage({ config, registry, clock }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const caller = asCaller(c);
    const mayOperate = isAdmin(c.var.session);
    const repositories = (sort: string, pageSize: number) =>
      registry.registry.listRepositories({ sort, pageSize }, caller).catch(notShown);
    const [health, recent, largest, operation] = await Promise.all([
      registry.admin.health({}),
      repositories('last_push', listed),
      repositories('size', mayOperate ? listed : summed),
      mayOperate ? readOperation(registry, caller).catch(notShown) : undefined,
    ]);
    const name = nameFor(health, config, c.req.url);
    const view = homeView({
      name,
      version: health.version,
      recent: recent?.repositories,
      largest,
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
    registry.audit.listAuditEvents({ eventType: 'manifest_pushed', pageSize: readPushes }, caller),
    registry.audit.getActivity({ days }, caller),
    registry.registry.getGCStatus({}, caller),
    registry.admin.listSnapshots({ pageSize: 1 }, caller),
  ]);
  return {
    statistics,
    usage,
    pushes: groupPushes(pushes.events).slice(0, listed),
    activity: activity.days,
    gc,
    snapshot: snapshots.snapshots[0],
  };
}
