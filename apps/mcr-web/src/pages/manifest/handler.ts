import type { Context } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { readsAudit } from '../../http/reads-audit.ts';
import { rememberingOf } from '../../http/remembered.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, isAdmin } from '../../http/session.ts';
import { nameFor } from '../../registry/registry-name.ts';
import { attachedDocument } from './attached-document.ts';
import { readManifest } from './read-manifest.ts';
import { manifestView } from './view.ts';

/**
 * `GET /repositories/:name/manifests/:digest` and `/repositories/:name::tag`: one manifest and what is related to it.
 */
export async function manifestPage(
  { config, registry, clock, health: known }: WebContext,
  c: Context<AppEnv>,
  repository: string,
  reference: string,
): Promise<Response> {
  const [found, health] = await Promise.all([
    registry.registry.inspectManifest({ repository, reference }, asCaller(c)),
    known.get(),
  ]);
  const name = nameFor(health, config, c.req.url);
  const facts = readManifest(found);
  const document = await attachedDocument(registry, repository, found, facts, asCaller(c));
  const user = {
    isAdmin: isAdmin(c.var.session),
    readsAudit: readsAudit(c.var.session, repository),
    remembering: rememberingOf(c),
    now: clock.now(),
  };
  return respond(c, manifestView({ name, repository, reference, found, facts, document, ...user }));
}
