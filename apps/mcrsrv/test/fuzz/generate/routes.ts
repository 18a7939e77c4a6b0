import { Hono } from 'hono';
import { type ZodType, z } from 'zod';
import type { AppEnv } from '../../../src/http/env.ts';
import { mountOci } from '../../../src/oci/app.ts';
import { mountRest, restRoutes } from '../../../src/rest/app.ts';
import { mountToken } from '../../../src/token/app.ts';

/** A route as the fuzzer sees it. */
export interface Route {
  readonly method: string;
  /** As registered, such as `/v2/:name{.+}/manifests/:reference`. */
  readonly pattern: string;
  /** Names of the query parameters that it reads. */
  readonly query: readonly string[];
  /** Of its JSON body, if it takes one. */
  readonly schema?: object;
}

const schemaOf = (schema: ZodType): object => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
/** What the handlers of `/v2` read of a query: they take it apart themselves. */
const ociQuery = [
  'n',
  'last',
  'digest',
  'mount',
  'from',
  'artifactType',
  'tag',
  'digest-algorithm',
  'scope',
  'service',
];

// Registering needs no services: handlers look for them when they are called.
const app = new Hono<AppEnv>();
for (const mount of [mountToken, mountRest, mountOci]) mount(app, {} as never);

/** Every route that the public listener has, from the table that routing uses. */
export const routes: readonly Route[] = app.routes.map(({ method, path }) => {
  const template = path.replaceAll(/:(\w+)(?:\{\.\+\})?/g, '{$1}');
  const rest = restRoutes.find((route) => route.method === method && route.path === template);
  return {
    method,
    pattern: path,
    query: rest === undefined ? ociQuery : Object.keys(rest.query?.shape ?? {}),
    ...(rest?.body !== undefined && { schema: schemaOf(rest.body) }),
  };
});
