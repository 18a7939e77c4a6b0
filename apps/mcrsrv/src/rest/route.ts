import type { Context } from 'hono';
import type { ZodObject, ZodType } from 'zod';
import type { AppEnv } from '../http/env.ts';
import type { Access } from '../services/admin/access.ts';
import type { Caller } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';

/** What a handler gets: everything is parsed by the route's own schemas. */
export interface RestRequest<Params, Query> {
  readonly c: Context<AppEnv>;
  readonly services: ServiceContext;
  readonly params: Params;
  readonly query: Query;
  /** The JSON body as it came; the verb behind the route parses it. */
  readonly body: unknown;
  /** Address of the client. */
  readonly ip: string;
}

/** What a handler gets on a route that is not public. */
export interface SignedInRequest<Params, Query> extends RestRequest<Params, Query> {
  readonly caller: Caller;
  readonly token: string;
}

/** What a handler answers. */
export interface RestAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a route answers, for the documentation. */
export interface AnswerDescription {
  readonly status: number;
  readonly description: string;
  readonly schema?: ZodType;
}

/** One route of the admin API as data: registered, validated and described from the same definition. */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Template with `{name}` placeholders, as OpenAPI writes it. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly params?: ZodObject;
  readonly query?: ZodObject;
  /** Describes the body; parsing is the verb's, so that every door parses alike. */
  readonly body?: ZodType;
  /** Whether the body may be left out. */
  readonly bodyOptional?: boolean;
  readonly answer: AnswerDescription;
  /** What it answers in another case that is no error of the usual form. */
  readonly otherwise?: AnswerDescription;
  readonly handle: (request: SignedInRequest<never, never>) => Promise<RestAnswer>;
}

type Parsed<Schema extends ZodObject | undefined> = Schema extends ZodObject
  ? Schema['_output']
  : Record<string, never>;

type Definition<P extends ZodObject | undefined, Q extends ZodObject | undefined> = Omit<
  RestRoute,
  'params' | 'query' | 'handle' | 'access'
> & { readonly params?: P; readonly query?: Q };

/** Defines a route for accounts, or for admins only. */
export function signedIn<P extends ZodObject | undefined = undefined, Q extends ZodObject | undefined = undefined>(
  route: Definition<P, Q> & {
    readonly access: Exclude<Access, 'public'>;
    readonly handle: (request: SignedInRequest<Parsed<P>, Parsed<Q>>) => Promise<RestAnswer>;
  },
): RestRoute {
  return route as unknown as RestRoute;
}

/** Defines a route that needs no token. */
export function open<P extends ZodObject | undefined = undefined, Q extends ZodObject | undefined = undefined>(
  route: Definition<P, Q> & { readonly handle: (request: RestRequest<Parsed<P>, Parsed<Q>>) => Promise<RestAnswer> },
): RestRoute {
  return { ...route, access: 'public' } as unknown as RestRoute;
}
