import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/** No real proxy chain is longer. */
const maxLength = 500;
const addresses = /^[0-9A-Fa-f:., ]*$/;

/**
 * The address of the client, for the registry: the value of X-Forwarded-For followed by the peer of this server, as
 * every proxy appends it. Clients may put anything in front: the registry reads from the end, and only trusts
 * `server.trusted_proxies`.
 */
export function forwardedFor(c: Context<AppEnv>): string {
  const before = c.req.header('x-forwarded-for') ?? '';
  const { peer } = c.var;
  return before !== '' && before.length <= maxLength && addresses.test(before) ? `${before}, ${peer}` : peer;
}
