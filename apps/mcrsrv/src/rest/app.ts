import type { Hono } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { recordOf } from '../http/request-record.ts';
import type { ServiceContext } from '../services/context.ts';
import { getHealth, getReady } from './health.ts';

/** The admin API below `/v1`. */
export function mountRest(app: Hono<AppEnv>, services: ServiceContext): void {
  app.get('/v1/health', (c) => {
    recordOf(c.env.incoming).route = '/v1/health';
    return getHealth(c);
  });
  app.get('/v1/ready', async (c) => {
    recordOf(c.env.incoming).route = '/v1/ready';
    return await getReady(c, services);
  });
}
