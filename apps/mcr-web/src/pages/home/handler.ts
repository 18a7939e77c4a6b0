import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { registryName } from '../../registry/registry-name.ts';
import { homeView } from './view.ts';

/** `GET /`: what this is, whether it is up, and how to log in, push and pull. */
export function homePage({ config, registry, staticFiles }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const health = await registry.admin.health({});
    const name = registryName(health, new URL(config.web.publicUrl ?? c.req.url));
    return respond(c, homeView({ name, version: health.version, staticFiles }));
  };
}
