import { RegistryError, version } from '@mcr/core';
import type { Access } from '@mcr/rpc';
import { readWhole, recordOf, smallBodyMs } from '@mcr/server-kit';
import type { Context, Hono } from 'hono';
import { authenticate, bearerToken } from '../../http/authenticate.ts';
import { type AppEnv, clientGone } from '../../http/env.ts';
import { respondJson } from '../../http/respond.ts';
import { limitKey } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { requireAccess } from '../access.ts';
import { createCall } from '../call.ts';
import type { Operation } from '../operation.ts';
import { queryPage } from '../page.ts';
import { readJson } from './json.ts';
import { type Match, RouteTable } from './match.ts';
import { readRequest } from './read.ts';
import { common, respondWith } from './respond.ts';

/** Bodies of the admin API are small: the largest is a policy rule. */
const maxBodySize = 256 * 1024;
/** Who has not logged in sends a name and a password. */
const maxPublicBodySize = 16 * 1024;
const descriptionPath = '/v1/openapi.json';
const descriptionAccess: Access = { role: 'account', action: 'read OpenAPI document', scope: 'admin:read' };

/** Serves operations as REST, at the paths that their protos give, and the description of all of them. */
export function mountRest(app: Hono<AppEnv>, services: ServiceContext, operations: readonly Operation[]): void {
  const table = new RouteTable(operations);
  app.get(descriptionPath, (c) => describe(c, services));
  app.all('/v1/*', async (c, next) => {
    const match = table.find(c.req.method, c.req.path);
    return match === undefined ? await next() : await serve(c, services, match);
  });
}

async function serve(c: Context<AppEnv>, services: ServiceContext, { operation, words }: Match): Promise<Response> {
  const { incoming, outgoing } = c.env;
  const { access, http } = operation.options;
  const record = recordOf(incoming);
  record.route = routeName(http.path);
  const caller = access.role === 'public' ? undefined : await authenticate(services, incoming, 'admin');
  if (caller !== undefined) await requireAccess(services, caller, access);
  operation.admit(services);
  using held = caller && services.limits.bodies.meter(limitKey(caller));
  const query = singleValues(c);
  const page = http.page && queryPage(query, http.page);
  const body = http.body ? await readBody(c, operation, held?.add) : undefined;
  const request = readRequest(operation, { words, query, body, page });
  const call = createCall({
    caller,
    ip: record.ip,
    token: caller && bearerToken(incoming),
    signal: () => clientGone(outgoing),
    page,
  });
  const response = await operation.run(services, call, request);
  return respondWith(c, operation, response, { words, query, page });
}

/** A route as logs and metrics name it: without the glob of a name. */
function routeName(path: string): string {
  return path.replaceAll('=**', '');
}

/** No parameter may stand twice, known or not. One pass: a target of 16 KiB has room for thousands of names. */
function singleValues(c: Context<AppEnv>): ReadonlyMap<string, string> {
  const single = new Map<string, string>();
  for (const [name, value] of new URL(c.req.url).searchParams) {
    if (single.has(name))
      throw new RegistryError('PARAMETER_INVALID', `Duplicate query parameter "${name.slice(0, 64)}"`);
    single.set(name, value);
  }
  return single;
}

async function readBody(c: Context<AppEnv>, { options }: Operation, count?: (bytes: number) => void): Promise<unknown> {
  const limit = options.access.role === 'public' ? maxPublicBodySize : maxBodySize;
  const bytes = await readWhole(c.env, { what: 'The body', limit, within: smallBodyMs, count });
  if (bytes.length === 0 && options.http.bodyOptional) return {};
  return readJson(bytes, c.req.header('content-type'));
}

async function describe(c: Context<AppEnv>, services: ServiceContext): Promise<Response> {
  recordOf(c.env.incoming).route = descriptionPath;
  const caller = await authenticate(services, c.env.incoming, 'admin');
  await requireAccess(services, caller, descriptionAccess);
  const { openApi } = await import('@mcr/rpc/openapi');
  const document = { ...openApi, info: { ...(openApi['info'] as object), version } };
  return respondJson(c, document, common);
}
