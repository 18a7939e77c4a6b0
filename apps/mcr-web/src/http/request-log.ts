import { recordOf } from '@mcr/server-kit';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { AppEnv } from './env.ts';

/** Gives each request an id, and logs one line when it is finished. */
export function logRequests(log: Logger): MiddlewareHandler<AppEnv> {
  return async function logRequest(c, next) {
    const record = recordOf(c.env.incoming);
    const { id, ip, startedAt } = record;
    c.set('requestId', id);
    // The address is lost if the connection breaks while the request is handled.
    c.set('peer', c.env.incoming.socket.remoteAddress ?? '');
    await next();
    record.route = routePath(c, -1);
    log.info(
      {
        requestId: c.var.requestId,
        ip,
        method: c.req.method,
        route: record.route,
        status: c.res.status,
        bytes: Number(c.res.headers.get('content-length') ?? 0),
        durationMs: Math.round(performance.now() - startedAt),
      },
      'request',
    );
  };
}
