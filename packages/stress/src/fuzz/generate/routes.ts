import { readFileSync } from 'node:fs';
import { openApi } from '@mcr/rpc/openapi';

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

/** Query parameters of `/v2`, which its handlers parse themselves. */
const ociQuery = 'n last digest mount from artifactType tag digest-algorithm scope service'.split(' ');

/** Every route in a table of `docs/` that tests compare with what a server has registered. */
export function routesIn(table: string): Pick<Route, 'method' | 'pattern'>[] {
  const text = readFileSync(new URL(`../../../../../docs/${table}`, import.meta.url), 'utf8');
  const rows = text.matchAll(/^\| `([A-Z]+) (\/\S*)`/gm);
  // A route has a row for each of its ways to be called. Repositories have names with slashes.
  const found = new Map(
    [...rows].map(([, method = '', path = '']) => [`${method} ${path}`, { method, pattern: path }]),
  );
  return [...found.values()].map(({ method, pattern }) => ({
    method,
    pattern: pattern.replace(/:(?:path|name)$/, ':name{.+}').replace('/:name/', '/:name{.+}/'),
  }));
}

interface Described {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
}

const { paths } = openApi as { readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>> };

function adminRoute(path: string, verb: string, { parameters, requestBody }: Described): Route {
  const schema = requestBody?.content['application/json']?.schema;
  return {
    method: verb.toUpperCase(),
    pattern: path.replace(/\{(?:name|repository)\}/, ':name{.+}').replaceAll(/\{(\w+)\}/g, ':$1'),
    query: parameters.filter((it) => it.in === 'query').map(({ name }) => name),
    ...(schema !== undefined && { schema }),
  };
}

/** Every route that the public listener has. */
export const routes: readonly Route[] = [
  ...routesIn('access-matrix.md')
    .filter(({ pattern }) => pattern.startsWith('/v2'))
    .map((route) => ({ ...route, query: ociQuery })),
  ...Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, described]) => adminRoute(path, verb, described)),
  ),
];
