import { Hono } from 'hono';
import type { AppEnv } from '../../../src/http/env.ts';
import { mountOci } from '../../../src/oci/app.ts';
import { adminRoutes, honoPath } from '../../_util/routes.ts';

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
mountOci(app, {} as never);

const admin = adminRoutes.map(({ method, path, described }): Route => {
  const { requestBody, parameters } = described;
  const schema = requestBody?.content['application/json']?.schema;
  return {
    method,
    pattern: honoPath(path).replace(':name', ':name{.+}'),
    query: parameters.filter((it) => it.in === 'query').map(({ name }) => name),
    ...(schema !== undefined && { schema }),
  };
});

/** Every route that the public listener has. */
export const routes: readonly Route[] = [
  ...app.routes.map(({ method, path }) => ({ method, pattern: path, query: ociQuery })),
  ...admin,
];
