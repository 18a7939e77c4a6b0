import { openApi } from '@mcr/rpc/openapi';
import { operations } from '../../src/admin/operations.ts';
import type { OpenApi, Operation } from './openapi.ts';

/** A route of the admin API below `/v1`. */
export interface AdminRoute {
  readonly method: string;
  /** Template such as `/v1/repositories/{name}`. */
  readonly path: string;
  readonly role: string;
  /** What the OpenAPI document says of it. */
  readonly described: Operation;
}

const { paths } = openApi as unknown as OpenApi;

/** Every route of the admin API: those of the operations, and the description of itself. */
export const adminRoutes: readonly AdminRoute[] = [
  ...operations.map(({ options: { http, access } }) => ({
    method: http.verb,
    path: http.path.replaceAll('=**', ''),
    role: access.role,
  })),
  { method: 'GET', path: '/v1/openapi.json', role: 'account' },
].map((route) => ({ ...route, described: paths[route.path]![route.method.toLowerCase()]! }));

/** A route's template as Hono writes it; the name of a repository is `:name`, as below `/v2`. */
export function honoPath(path: string): string {
  return path.replace('{repository}', '{name}').replaceAll(/\{(\w+)\}/g, ':$1');
}
