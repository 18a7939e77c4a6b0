import { Hono } from 'hono';
import type { WebContext } from './context.ts';
import type { AppEnv } from './http/env.ts';
import { logRequests } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { serveStatic } from './http/serve-static.ts';
import { errorPage, notFoundPage } from './pages/errors/handler.ts';
import { homePage } from './pages/home/handler.ts';

/** The pages as one application, without a socket. */
export function createApp(context: WebContext): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(logRequests(context.log));
  app.use(securityHeaders(context.config.web.tlsCert !== undefined));
  app.get('/', homePage(context));
  app.get('/static/:file', serveStatic(context));
  app.notFound(notFoundPage(context));
  app.onError(errorPage(context));
  return app;
}
