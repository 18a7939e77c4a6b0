import type { Handler } from 'hono';
import type { WebContext } from '../context.ts';
import type { AppEnv } from './env.ts';

/** `GET /static/:file`: names change with the content, so that browsers can cache them forever. */
export function serveStatic({ staticFiles }: WebContext): Handler<AppEnv> {
  return (c) => {
    const file = staticFiles.find(c.req.path);
    if (file === undefined) return c.notFound();
    return c.body(file.content, 200, {
      'Content-Type': file.contentType,
      'Content-Length': String(file.content.length),
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  };
}
