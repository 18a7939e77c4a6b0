import { createSecureContext } from 'node:tls';
import type { Agent } from 'undici';

/** Documents of providers and sets of keys have a few kilobytes. */
const maxResponseBytes = 256 * 1024;
/** Calls of one provider at the same time; further ones are queued. */
const maxConnections = 8;
const defaultTimeoutMs = 5_000;

/** Where a {@link createOutboundFetch} may connect to, and for how long. */
export interface OutboundOptions {
  /** PEM of the authorities that may have issued the server's certificate (default: Node's). */
  readonly caCert?: string | readonly string[] | undefined;
  /** Timeout in milliseconds of a whole call (default: 5,000). */
  readonly timeoutMs?: number;
}

/** The part of `fetch` that jose and openid-client use. */
export type OutboundFetch = (url: string, options: OutboundRequest) => Promise<Response>;

/** A request as jose and openid-client make it. */
interface OutboundRequest {
  readonly method?: string | undefined;
  readonly headers?: Headers | Record<string, string> | undefined;
  /** Parameters of a form, or text; nothing else is sent. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
}

/**
 * A `fetch` for the providers of the configuration: bounded in time, size and connections, and without redirects, which are
 * responses like others. Rejects with the transport's error.
 */
export function createOutboundFetch({ caCert, timeoutMs = defaultTimeoutMs }: OutboundOptions = {}): OutboundFetch {
  let agent: Agent | undefined;
  return async (url, { method = 'GET', headers = {}, body, signal }) => {
    const { Agent: UndiciAgent, request } = await import('./undici.ts');
    agent ??= new UndiciAgent({
      connections: maxConnections,
      maxResponseSize: maxResponseBytes,
      allowH2: false,
      connect: { secureContext: secureContext(caCert), timeout: timeoutMs },
    });
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await request(url, {
      dispatcher: agent,
      method: method as 'GET' | 'POST',
      headers: Object.fromEntries(new Headers(headers)),
      ...((typeof body === 'string' || body instanceof URLSearchParams) && { body: body.toString() }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const text = await response.body.text();
    const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const empty = [204, 205, 304].includes(response.statusCode);
    return new Response(empty ? null : text, { status: response.statusCode, headers: received });
  };
}

/** Providers are servers of others, not all of which have TLS 1.3. */
function secureContext(caCert: OutboundOptions['caCert']) {
  return createSecureContext({ minVersion: 'TLSv1.2', ...(caCert !== undefined && { ca: [caCert].flat() }) });
}
