import { maxPageSize, parseCursor, parsePageSize, parseRepositoryName, type RepositoryName } from '@mcr/core';
import { recordOf } from '@mcr/server-kit';
import type { Context, Hono } from 'hono';
import { authenticate } from '../http/authenticate.ts';
import type { AppEnv } from '../http/env.ts';
import type { Locations } from '../http/locations.ts';
import type { Caller } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';
import { belowRepository } from './paths.ts';
import type { QuickPulls } from './quick-pulls.ts';

/** A request to `/v2` of any caller. */
export interface OpenRequest {
  readonly c: Context<AppEnv>;
  readonly services: ServiceContext;
}

/** An authenticated request to `/v2`. */
export interface OciRequest extends OpenRequest {
  readonly caller: Caller;
  readonly locations: Locations;
  readonly quickPulls: QuickPulls | undefined;
}

/** An authenticated request to a repository whose name is well-formed. */
export interface RepositoryRequest extends OciRequest {
  readonly name: RepositoryName;
}

type Route<Request> = readonly [
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  handler: (request: Request) => Promise<Response>,
];
/** A route that needs no token. GET is HEAD too, here and below. */
export type OpenRoute = Route<OpenRequest>;
/** A route that concerns no single repository. */
export type RegistryRoute = Route<OciRequest>;
/** A route below `/v2/<name>/`. */
export type RepositoryRoute = Route<RepositoryRequest>;

/** Registers routes, so that each runs behind what its kind asks for. */
export class RouteMounter {
  readonly #app: Hono<AppEnv>;
  readonly #services: ServiceContext;
  readonly #shared: Pick<OciRequest, 'services' | 'locations' | 'quickPulls'>;

  constructor(app: Hono<AppEnv>, shared: Pick<OciRequest, 'services' | 'locations' | 'quickPulls'>) {
    this.#app = app;
    this.#services = shared.services;
    this.#shared = shared;
  }

  open(routes: readonly OpenRoute[]): void {
    for (const [method, path, handler] of routes) {
      this.#app.on(method, path, (c) => {
        recordOf(c.env.incoming).route = path;
        return handler({ c, services: this.#services });
      });
    }
  }

  registry(routes: readonly RegistryRoute[]): void {
    for (const [method, path, handler] of routes) {
      this.#app.on(method, path, async (c) => handler(await this.#authenticated(c, path)));
    }
  }

  repository(routes: readonly RepositoryRoute[]): void {
    for (const [method, rest, handler] of routes) {
      const path = belowRepository(rest);
      this.#app.on(method, path, async (c) => {
        const request = await this.#authenticated(c, path);
        return handler({ ...request, name: parseRepositoryName(c.req.param('name') ?? '') });
      });
    }
  }

  async #authenticated(c: Context<AppEnv>, route: string): Promise<OciRequest> {
    recordOf(c.env.incoming).route = route;
    const caller = await authenticate(this.#services, c.env.incoming);
    return { c, caller, ...this.#shared };
  }
}

/** `n` and `last` of a list; without `n` a page is as long as any may be. `PARAMETER_INVALID`. */
export function pageOf(c: Context<AppEnv>): { readonly limit: number; readonly after?: string } {
  const limit = parsePageSize(c.req.queries('n') ?? []) ?? maxPageSize;
  const after = parseCursor(c.req.queries('last') ?? []);
  return { limit, ...(after !== undefined && { after }) };
}
