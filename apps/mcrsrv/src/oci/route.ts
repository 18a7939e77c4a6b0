import { parseRepositoryName, type RepositoryName } from '@mcr/core';
import { recordOf } from '@mcr/server-kit';
import type { Context, Hono } from 'hono';
import { authenticate } from '../http/authenticate.ts';
import type { AppEnv } from '../http/env.ts';
import type { Caller } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';
import type { Locations } from './locations.ts';

/** An authenticated request to `/v2`. */
export interface OciRequest {
  readonly c: Context<AppEnv>;
  readonly services: ServiceContext;
  readonly caller: Caller;
  readonly locations: Locations;
}

/** An authenticated request to a repository whose name is well-formed. */
export interface RepositoryRequest extends OciRequest {
  readonly name: RepositoryName;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Registers handlers so that each of them runs behind authentication; GET handlers answer HEAD too. */
export class OciRoutes {
  readonly #app: Hono<AppEnv>;
  readonly #services: ServiceContext;
  readonly #locations: Locations;

  constructor(app: Hono<AppEnv>, services: ServiceContext, locations: Locations) {
    this.#app = app;
    this.#services = services;
    this.#locations = locations;
  }

  /** A route that concerns no single repository. */
  global(method: Method, pattern: string, handler: (request: OciRequest) => Promise<Response>): this {
    this.#app.on(method, pattern, async (c) => {
      recordOf(c.env.incoming).route = pattern;
      const caller = await authenticate(this.#services, c.env.incoming);
      return await handler({ c, services: this.#services, caller, locations: this.#locations });
    });
    return this;
  }

  /** A route below `/v2/<name>`. */
  repository(method: Method, rest: string, handler: (request: RepositoryRequest) => Promise<Response>): this {
    return this.global(method, `/v2/:name{.+}/${rest}`, async (request) =>
      handler({ ...request, name: parseRepositoryName(request.c.req.param('name') ?? '') }),
    );
  }
}
