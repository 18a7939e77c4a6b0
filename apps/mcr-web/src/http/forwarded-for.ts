import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/** Longer chains of proxies nobody has. */
const maxLength = 500;
const addresses = /^[0-9A-Fa-f:., ]*$/;

/**
 * Where a request came from, for the registry: what X-Forwarded-For said, and behind it the peer of this server, as every
 * proxy appends it. A browser may write in front whatever it likes: the registry reads from the end, and believes only
 * `server.trusted_proxies`.
 */
export function forwardedFor(c: Context<AppEnv>): string {
  const before = c.req.header('x-forwarded-for') ?? '';
  const { peer } = c.var;
  return before !== '' && before.length <= maxLength && addresses.test(before) ? `${before}, ${peer}` : peer;
}
