import { Agent } from 'node:https';
import type { CliError } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { explainConnectionError, explainTimeout } from '../failures/connection.ts';
import { identify } from '../failures/identify.ts';
import { explainMisunderstanding } from '../failures/misunderstanding.ts';
import type { Hints } from '../failures/refusal.ts';
import { requireToken } from '../settings/required.ts';
import type { Settings } from '../settings/settings.ts';
import { targetOf } from '../settings/target.ts';
import { type Answer, exchange, type Message } from './exchange.ts';
import { nextPath } from './next-path.ts';
import { hasShape, type Shape } from './shape.ts';
import { explainStatus } from './status.ts';

/** A request to the REST API. */
export interface RestRequest {
  readonly method?: Message['method'];
  /** Encoded, without a query. */
  readonly path: string;
  /** What is absent is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** What it is for, in messages: `delete the repository team/app`. */
  readonly to: string;
  /** It needs no token, and gets none. */
  readonly open?: boolean;
  /** It names something that may not exist; where nothing is named, 404 means that the server does not know the path. */
  readonly names?: boolean;
  /** Other statuses than 2xx that are no failure. */
  readonly accept?: readonly number[];
  readonly hints?: Hints;
  /** What the answer must have, or each item of a list; else the server is of another version. */
  readonly shape?: Shape;
}

/** The REST API of one registry. Everything it throws is a CliError. */
export interface RestClient extends Disposable {
  /** Origin of the registry, such as `https://localhost:8443`. */
  readonly server: string;
  /** Sends a request and returns the answer's JSON; `T` is what the API documents. */
  send<T extends object>(request: RestRequest): Promise<T>;
  /** A list, page by page, at most `limit` items. `key` is where the items are when the answer is an object. */
  pages<T>(request: RestRequest, limit: number | undefined, key?: string): AsyncGenerator<readonly T[]>;
}

/** Items of one request: few requests for long lists, and soon something to see. */
const pageSize = 200;

/** A client as the settings say; throws a usage error when they name no usable server. */
export function createRestClient(settings: Settings, io: Io): RestClient {
  const target = targetOf(settings, '--server', io);
  const agent = new Agent({ keepAlive: true });

  const misunderstood = async (to: string): Promise<CliError> =>
    explainMisunderstanding(target, await identify(target), to);
  const ask = async (request: RestRequest, path: string): Promise<Answer> => {
    const { method = 'GET', body, to, open, accept = [] } = request;
    const token = open === true ? undefined : requireToken(settings, io.clock.now());
    const deadline = AbortSignal.timeout(target.timeout);
    const answer = await exchange(target, { method, path, token, body }, agent, deadline).catch((error: unknown) => {
      throw deadline.aborted ? explainTimeout(target) : explainConnectionError(error, target);
    });
    const isFine = (answer.status >= 200 && answer.status < 300) || accept.includes(answer.status);
    if (!isFine) throw explainStatus(answer, request, settings) ?? (await misunderstood(to));
    return answer;
  };
  const send = async (request: RestRequest, path: string): Promise<Answer & { readonly body: object }> => {
    const answer = await ask(request, path);
    const body = answer.status === 204 ? {} : answer.body;
    if (typeof body !== 'object' || body === null) throw await misunderstood(request.to);
    return { ...answer, body };
  };

  return {
    server: target.address,
    async send<T extends object>(request: RestRequest) {
      const { body } = await send(request, pathOf(request, {}));
      if (!hasShape(body, request.shape)) throw await misunderstood(request.to);
      return body as T;
    },
    async *pages<T>(request: RestRequest, limit = Number.POSITIVE_INFINITY, key?: string) {
      let left = limit;
      let path: string | undefined = pathOf(request, { n: Math.min(left, pageSize) });
      while (path !== undefined && left > 0) {
        const { body, link } = await send(request, path);
        const items: unknown = key === undefined ? body : (body as Record<string, unknown>)[key];
        if (!Array.isArray(items) || !items.every((item) => hasShape(item, request.shape)))
          throw await misunderstood(request.to);
        yield items.slice(0, left) as T[];
        left -= items.length;
        path = nextPath(link, target.address);
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

function pathOf({ path, query }: RestRequest, page: { readonly n?: number }): string {
  const given = Object.entries({ ...query, ...page }).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search === '' ? path : `${path}?${search}`;
}
