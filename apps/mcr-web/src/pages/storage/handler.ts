import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { field } from '../../http/form.ts';
import { respond, respondPart } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { collectionVersion } from '../../live/topics.ts';
import { nextProgress } from './progress.ts';
import { storageView } from './view.ts';

const listed = 20;

/** `GET /storage`: usage, garbage collection with its progress and past runs, and copies of the database. */
export function storagePage({ registry, clock, operation }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const caller = asCaller(c);
    const url = new URL(c.req.url);
    const asked = registry.registry.getGCStatus({}, caller);
    const [status, runs, snapshots, space] = await Promise.all([
      asked,
      registry.registry.listGCRuns({ pageSize: listed, pageToken: url.searchParams.get('page') ?? '' }, caller),
      registry.admin.listSnapshots({ pageSize: listed }, caller),
      // A run that has come further has freed something since.
      asked.then((known) => operation.space(caller, collectionVersion(known))),
    ]);
    return respond(c, storageView({ csrf: c.var.csrf, status, url, runs, snapshots, space, now: clock.now() }));
  };
}

/** `GET /storage/progress`: the part of the page that follows a run. */
export function progressPart({ registry, clock }: WebContext): Handler<AppEnv> {
  return async (c) => {
    if (c.req.header('HX-Request') === undefined) return c.redirect('/storage', 303);
    const status = await registry.registry.getGCStatus({}, asCaller(c));
    return respondPart(c, nextProgress(status, clock.now()));
  };
}

/** `POST /storage/collect`: starts a garbage collection. */
export function collect({ registry, operation }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const reconcile = field(c.var.form, 'reconcile') === 'true';
    await registry.registry.garbageCollect({ reconcile }, asCaller(c));
    operation.forget();
    setFlash(c, reconcile ? 'Started reconciling files and database.' : 'Started garbage collection.');
    return c.redirect('/storage', 303);
  };
}

/** `POST /storage/snapshots`: copies the database. */
export function takeSnapshot({ registry, operation }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const { snapshot } = await registry.admin.snapshot({}, { ...asCaller(c), timeoutMs: snapshotTimeoutMs });
    operation.forget();
    setFlash(c, `Wrote ${snapshot?.name ?? 'a snapshot'}.`);
    return c.redirect('/storage#snapshots', 303);
  };
}

/** A large database takes longer to copy than any page takes. */
const snapshotTimeoutMs = 55_000;
