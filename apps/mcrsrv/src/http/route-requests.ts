import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppEnv } from './env.ts';

/** Milliseconds for the rest of a body that its handler did not read, and that was not over when the response was sent. */
const unreadMs = 500;
/** Hono wants absolute URLs. No handler looks at the host, which the guard has checked. */
const base = 'https://registry';

/** The part of a `Request` that Hono and the handlers read. */
type RoutedRequest = Pick<Request, 'method' | 'url'> & { readonly headers: Pick<Headers, 'get'> };

/** What handlers return when they have responded through Node's response. Hono wants a `Response`, and reads nothing of it. */
export const alreadySent = Object.freeze({}) as Response;

/** Hono's `fetch` of an app whose handlers all return `alreadySent`. */
export type Route = (request: Request, bindings: AppEnv['Bindings']) => unknown;

/**
 * Passes Node's requests to Hono. `@hono/node-server` would do so with the `Request` and `Response` of the web, for which Node
 * loads undici: 4 MB of memory, for objects of which this server needs three properties. What the app throws goes to
 * `onFailure`, and the client gets an empty 500.
 */
export function routeRequests(
  route: Route,
  onFailure: (error: unknown) => void,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD') outgoing.once('close', () => dropRest(incoming));
    try {
      await route(asRequest(incoming) as Request, { incoming, outgoing });
    } catch (error) {
      onFailure(error);
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500).end();
    }
  };
}

function asRequest({ method = 'GET', url = '', headers }: IncomingMessage): RoutedRequest {
  const get = (name: string): string | null => headers[name.toLowerCase()]?.toString() ?? null;
  return { method, url: base + url, headers: { get } };
}

/** Ends the connection of a client that goes on sending what it was not asked for. */
function dropRest(incoming: IncomingMessage): void {
  if (incoming.readableEnded || incoming.destroyed) return;
  const timer = setTimeout(() => incoming.socket.destroySoon(), unreadMs);
  for (const event of ['end', 'close']) incoming.once(event, () => clearTimeout(timer));
  incoming.resume();
}
