import type { Context } from 'hono';
import { encode } from '../live/stream.ts';
import type { AppEnv } from './env.ts';

/** Of every stream: proxies must neither keep what they receive, nor compress it. */
export const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

/** Whether a script asks for server-sent events, and not a person for a page. */
export function isEventSource(c: Context<AppEnv>): boolean {
  return c.req.header('Accept')?.startsWith('text/event-stream') === true;
}

/** Tells a page whose session has ended, without holding a connection. */
export function endedStream(c: Context<AppEnv>): Response {
  return c.body(encode({ event: 'end' }), 200, streamHeaders);
}
