import { networkOf, recordOf } from '@mcr/server-kit';
import type { MiddlewareHandler } from 'hono';
import type { RequestRate } from '../services/limits/request-rate.ts';
import type { AppEnv } from './env.ts';

/** Throws `TOOMANYREQUESTS` when the client's address sends requests too fast, before anything is looked at. */
export function limitAddresses(rate: RequestRate): MiddlewareHandler<AppEnv> {
  return async function limitAddress(c, next) {
    const { incoming } = c.env;
    const refusal = rate.refusal(networkOf(recordOf(incoming).ip), c.req.method);
    if (refusal !== undefined) throw refusal;
    await next();
  };
}
