import type { DescMethodServerStreaming, DescMethodUnary } from '@bufbuild/protobuf';
import { anyCredentials, type Caller, type Need, ownPassword, type Place } from './_callers.ts';
import type { World } from './_world.ts';

/** An HTTP request without its credentials. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Method = DescMethodUnary | DescMethodServerStreaming;

/** A call without its credentials; the message is in the form that JSON has, so that it can be compared and changed. */
export interface RpcRequest {
  readonly method: Method;
  readonly input: Readonly<Record<string, unknown>>;
}

export type Request = HttpRequest | RpcRequest;

/** A route or a method with what it needs, and how to make a request that succeeds for a caller who may. */
export interface Row {
  /** As the router or the service has it, for example `GET /v2/_catalog`. */
  readonly title: string;
  /** Tells two rows of one route apart. */
  readonly note?: string;
  readonly needs: Need;
  /** Whether it names a repository, and so has a response for each place. */
  readonly placed: boolean;
  /** The forms that the request has, each with something of its own to act on; all must end alike. */
  readonly forms: readonly Form[];
}

/** Makes a request, with something of its own to act on. */
export type Form = (world: World, repository: string, caller: Pick<Caller, 'id'>) => Promise<Request>;

/** How a cell ends: let through, or by which rejection. RPCs have the same two under other names. */
export type Outcome = 'yes' | '401' | '403' | '405';

/**
 * The one rule of the matrix: anonymous callers and guests who may not get 401, accounts 403, and all others what was asked for. A
 * password can be changed only where there is one.
 */
export function expectedOutcome(row: Row, caller: Caller, place: Place | undefined): Outcome {
  if (row.needs === 'public') return 'yes';
  // Only the token endpoint takes nothing.
  if (row.needs === anyCredentials) return withoutBearer.has(caller.name) || caller.may !== undefined ? 'yes' : '401';
  // Below /v2, which some clients send one with each request.
  if (caller.name === 'password' && row.title.includes(' /v2')) return 'yes';
  if (caller.may === undefined) return '401';
  if (row.needs === ownPassword && caller.isPasswordless === true) return '405';
  return caller.may(row.needs, place) ? 'yes' : (caller.otherwise ?? '403');
}

const withoutBearer: ReadonlySet<string> = new Set(['anonymous', 'password', 'elsewhere']);

/** Makes rows of routes: a title such as `GET /v2/`, what it needs, and the rest of the request. */
export function httpRow(
  title: string,
  needs: Need,
  make: (
    world: World,
    repository: string,
    caller: Pick<Caller, 'id'>,
  ) => Promise<Omit<HttpRequest, 'method'>> | Omit<HttpRequest, 'method'>,
  note?: string,
): Row {
  const method = title.split(' ', 1)[0]!;
  const form =
    (used: string, path: (text: string) => string): Form =>
    async (world, repository, caller) => {
      const request = await make(world, repository, caller);
      return { method: used, ...request, path: path(request.path) };
    };
  const raw = form(method, (path) => path);
  const head = method === 'GET' ? [form('HEAD', (path) => path)] : [];
  const placed = title.includes(':name');
  // The admin API takes names with slashes raw and percent-encoded.
  const encoded = placed && title.includes(' /v1/') ? [form(method, encodeName)] : [];
  return { title, needs, placed, forms: [raw, ...head, ...encoded], ...(note !== undefined && { note }) };
}

/** Splits a row of GET whose HEAD needs something else. */
export function splitHead(row: Row, needs: Need): readonly [get: Row, head: Row] {
  const [get, head] = row.forms;
  return [
    { ...row, forms: [get!] },
    { ...row, needs, note: 'HEAD', forms: [head!] },
  ];
}

const encodeName = (path: string): string => path.replace(/\/(own|other)\/(\w+)/, '/$1%2F$2');
