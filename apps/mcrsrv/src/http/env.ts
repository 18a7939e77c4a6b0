import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { NodeExchange } from '@mcr/server-kit';

/** What Hono handlers find in their context: Node's request and response. */
export interface AppEnv {
  readonly Bindings: NodeExchange;
}

/** A request over HTTP/1.1 or HTTP/2. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** Its response. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Aborted when the connection ends before the response has: what has not begun for this client need not begin. */
export function clientGone(outgoing: NodeResponse): AbortSignal {
  const gone = new AbortController();
  if (outgoing.destroyed) gone.abort();
  outgoing.once('close', () => gone.abort());
  return gone.signal;
}
