import type { Handler } from 'hono';
import type { WebContext } from '../context.ts';
import type { AppEnv } from './env.ts';

/** `GET /static/:file`: names change with the content, so that browsers can cache them forever. */
export function serveStatic({ staticFiles }: WebContext): Handler<AppEnv> {
  return (c) => {
    const file = staticFiles.find(c.req.path);
    if (file === undefined) return c.notFound();
    // Pages are not compressed: their length would tell what is in them beside what a stranger put there (BREACH).
    const isGzip = file.gzipped !== undefined && /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '');
    const content = isGzip ? file.gzipped : file.content;
    return c.body(content, 200, {
      'Content-Type': file.contentType,
      'Content-Length': String(content.length),
      Vary: 'Accept-Encoding',
      ...(isGzip && { 'Content-Encoding': 'gzip' }),
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  };
}
