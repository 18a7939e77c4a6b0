import { RegistryError } from '@mcr/core';
import { readWhole, recordOf, smallBodyMs } from '@mcr/server-kit';
import type { Context, Hono } from 'hono';
import type { ZodObject } from 'zod';
import { authenticate, bearerToken } from '../http/authenticate.ts';
import type { AppEnv } from '../http/env.ts';
import type { Access } from '../services/admin/access.ts';
import { requireAdmin } from '../services/admin/require-admin.ts';
import type { ServiceContext } from '../services/context.ts';
import { parseInput } from '../services/parse-input.ts';
import { readJson } from './json.ts';
import type { RestAnswer, RestRoute } from './route.ts';

/** Bodies of the admin API are small: the largest is a policy rule. */
const maxBodySize = 256 * 1024;
/** Who has not logged in sends a name and a password. */
const maxPublicBodySize = 16 * 1024;

/** Registers the routes. Names with slashes work percent-encoded, as one segment, and raw; the former goes first. */
export function mountRoutes(app: Hono<AppEnv>, services: ServiceContext, routes: readonly RestRoute[]): void {
  for (const pattern of [encodedPattern, rawPattern]) {
    for (const route of routes) {
      app.on(route.method, pattern(route.path), (c) => answer(c, services, route));
    }
  }
}

function encodedPattern(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function rawPattern(path: string): string {
  return encodedPattern(path).replace(':name', ':name{.+}');
}

async function answer(c: Context<AppEnv>, services: ServiceContext, route: RestRoute): Promise<Response> {
  const { incoming } = c.env;
  const record = recordOf(incoming);
  record.route = route.path;
  const signedIn = route.access === 'public' ? undefined : await signIn(c, services, route.access);
  using held = signedIn && services.limits.bodies.meter(signedIn.caller.principal.id);
  const request = {
    c,
    services,
    ip: record.ip,
    params: parse(route.params, c.req.param()),
    query: parse(route.query, singleValues(c)),
    body: route.body === undefined ? undefined : await bodyOf(c, route, held?.add),
    ...signedIn,
  };
  return toResponse(await route.handle(request as never), c.req.method === 'HEAD');
}

/** Decides who may call before anything of the request is parsed; the verbs behind it ask admins again. */
async function signIn(c: Context<AppEnv>, services: ServiceContext, access: Access) {
  const caller = await authenticate(services, c.env.incoming);
  if (typeof access === 'object') await requireAdmin(services, caller, access.admin);
  return { caller, token: bearerToken(c.env.incoming) };
}

function parse(schema: ZodObject | undefined, input: unknown): unknown {
  return schema === undefined ? {} : parseInput(schema, input);
}

/** No parameter may stand twice, known or not. One pass: a target of 16 KiB has room for thousands of names. */
function singleValues(c: Context<AppEnv>): Record<string, string> {
  const single = new Map<string, string>();
  for (const [name, value] of new URL(c.req.url).searchParams) {
    if (single.has(name)) throw new RegistryError('PARAMETER_INVALID', `${name.slice(0, 64)} may stand only once`);
    single.set(name, value);
  }
  return Object.fromEntries(single);
}

async function bodyOf(c: Context<AppEnv>, route: RestRoute, count?: (bytes: number) => void): Promise<unknown> {
  const limit = route.access === 'public' ? maxPublicBodySize : maxBodySize;
  const bytes = await readWhole(c.env, { what: 'The body', limit, within: smallBodyMs, count });
  if (bytes.length === 0 && route.bodyOptional === true) return {};
  return readJson(bytes, c.req.header('content-type'));
}

function toResponse({ status, body, headers }: RestAnswer, head: boolean): Response {
  const common = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...headers };
  if (body === undefined) return new Response(null, { status, headers: common });
  const text = JSON.stringify(body);
  return new Response(head ? null : text, {
    status,
    headers: { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)), ...common },
  });
}
