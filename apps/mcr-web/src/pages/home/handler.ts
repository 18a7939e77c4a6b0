import { type CallOptions, Code } from '@connectrpc/connect';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { rememberingOf } from '../../http/remembered.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, isAdmin, toLogin } from '../../http/session.ts';
import { nameFor } from '../../registry/registry-name.ts';
import { unless } from '../../registry/unless.ts';
import { operationReader } from './operation.ts';
import { homeView } from './view.ts';

const listed = 10;
/** Users without access to the statistics see the sums of the largest repositories. */
const summed = 100;
/** The login page must not wait for a registry that does not respond. */
const guestTimeoutMs = 1_000;

/** Roles and rules change while a page is made: the front page shows the rest. What rules deny it does not ask for. */
const notShown = unless([Code.PermissionDenied], () => undefined);

/** `GET /`: repositories and recent pushes; for admins also usage, activity and state. */
export function homePage(context: WebContext): Handler<AppEnv> {
  const { config, registry, clock, health: known } = context;
  const readOperation = operationReader(context);
  return async (c) => {
    const caller = asCaller(c);
    if (c.var.session?.isGuest) return await guestPage(registry, c);
    const mayOperate = isAdmin(c.var.session);
    const mayList = mayOperate || (await isCatalogOpen(registry, caller));
    const repositories = async (sort: string, pageSize: number) =>
      mayList ? await registry.registry.listRepositories({ sort, pageSize }, caller).catch(notShown) : undefined;
    // Admins have a list of pushes; of repositories they need to know whether there are any, and when the last push was.
    const latest = repositories('last_push', mayOperate ? 1 : listed);
    const [health, recent, largest, operation] = await Promise.all([
      known.get(),
      latest,
      mayOperate ? undefined : repositories('size', summed),
      mayOperate
        ? readOperation(
            caller,
            latest.then((found) => found?.repositories),
          ).catch(notShown)
        : undefined,
    ]);
    const name = nameFor(health, config, c.req.url);
    const view = homeView({
      name,
      version: health.version,
      recent: recent?.repositories,
      largest,
      operation,
      remembering: rememberingOf(c),
      now: clock.now(),
    });
    return respond(c, view);
  };
}

/** Where guests may pull something they get the list of it, and else, or while the registry does not respond, the login page. */
async function guestPage({ auth }: WebContext['registry'], c: Context<AppEnv>): Promise<Response> {
  const isOpen = await auth.whoAmI({}, { ...asCaller(c), timeoutMs: guestTimeoutMs }).then(
    () => true,
    () => false,
  );
  return isOpen ? c.redirect('/repositories', 303) : toLogin(c);
}

/** A list that is rejected would be a denial in the audit log, which no one has asked for. */
async function isCatalogOpen({ auth }: WebContext['registry'], caller: CallOptions): Promise<boolean> {
  const { permissions } = await auth.listPermissions({}, caller);
  return permissions.some(({ action, allowed }) => action === 'registry:catalog' && allowed);
}
