import { ConnectError } from '@connectrpc/connect';
import type { ErrorHandler, NotFoundHandler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { failureView, notFoundView, unreachableView } from './view.ts';

/** mcrsrv restarts within seconds. */
const retryAfterSeconds = '5';

/** The answer for a path without a page. */
export function notFoundPage({ staticFiles }: WebContext): NotFoundHandler<AppEnv> {
  return (c) => respond(c, notFoundView({ path: c.req.path, staticFiles }), 404);
}

/** The answer for a page that could not be made. Why stands in the log, under the request's id. */
export function errorPage({ log, staticFiles }: WebContext): ErrorHandler<AppEnv> {
  return (error, c) => {
    const { requestId } = c.var;
    if (!(error instanceof ConnectError)) {
      log.error({ err: error, requestId }, 'page failed');
      return respond(c, failureView({ requestId, staticFiles }), 500);
    }
    log.warn({ err: error, requestId }, 'registry did not answer');
    c.header('Retry-After', retryAfterSeconds);
    return respond(c, unreachableView({ requestId, staticFiles }), 503);
  };
}
