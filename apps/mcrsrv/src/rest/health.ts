import { version } from '@mcr/core';
import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import type { ServiceContext } from '../services/context.ts';
import { checkReadiness } from '../services/health/ready.ts';

/** `GET /v1/health`: the process is up. */
export function getHealth(c: Context<AppEnv>): Response {
  return c.json({ status: 'ok', version });
}

/** `GET /v1/ready`: the registry can do its work, or 503 with the part that cannot. */
export async function getReady(c: Context<AppEnv>, services: ServiceContext): Promise<Response> {
  const { ready, checks } = await checkReadiness(services);
  return c.json({ status: ready ? 'ready' : 'unavailable', checks }, ready ? 200 : 503);
}
