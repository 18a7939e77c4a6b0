import { maxPageSize, parseCursor, parsePageSize } from '@mcr/core';
import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';

/** `n` and `last` of a list; without `n` a page is as long as any may be. `PARAMETER_INVALID`. */
export function pageOf(c: Context<AppEnv>): { readonly limit: number; readonly after?: string } {
  const limit = parsePageSize(c.req.queries('n') ?? []) ?? maxPageSize;
  const after = parseCursor(c.req.queries('last') ?? []);
  return { limit, ...(after !== undefined && { after }) };
}
