import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';

/** Aborted when the connection ends before the response has: what has not begun for this client need not begin. */
export function clientGone(outgoing: ServerResponse | Http2ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (outgoing.destroyed) gone.abort();
  outgoing.once('close', () => gone.abort());
  return gone.signal;
}
