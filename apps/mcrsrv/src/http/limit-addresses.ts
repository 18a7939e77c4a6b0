import { networkOf, recordOf } from '@mcr/server-kit';
import type { MiddlewareHandler } from 'hono';
import type { RequestRate } from '../services/limits/request-rate.ts';
import type { AppEnv } from './env.ts';

/** Clients do not repeat a request whose body they have begun to send. */
const unrepeated: ReadonlySet<string> = new Set(['PATCH', 'PUT']);

/** Whether clients try a request with this method again after a 429. */
export function isRepeated(method: string): boolean {
  return !unrepeated.has(method);
}

/** Throws `TOOMANYREQUESTS` when the client's address sends requests too fast, before anything is looked at. */
export function limitAddresses(rate: RequestRate): MiddlewareHandler<AppEnv> {
  return async function limitAddress(c, next) {
    const { incoming } = c.env;
    const rejection = rate.rejection(networkOf(recordOf(incoming).ip), isRepeated(c.req.method));
    if (rejection !== undefined) throw rejection;
    await next();
  };
}
