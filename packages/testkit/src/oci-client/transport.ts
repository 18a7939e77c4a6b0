import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Agent } from 'undici';

/** What may be sent as a body. A stream is sent chunked unless the headers have a content-length. */
export type RequestBody = Uint8Array | string | Readable;

/** The variable parts of one request. */
export interface RequestInit {
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: RequestBody;
  /** The Authorization header; null sends none. Without it the client's own token is sent. */
  readonly authorization?: string | null;
  readonly signal?: AbortSignal;
}

/** A response with its body still to be read; the caller has to read or destroy it. */
export interface OpenResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** A complete response. */
export interface OciResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** A header that occurs once; undefined when it is missing, joined by `, ` when it is repeated. */
  header(name: string): string | undefined;
  text(): string;
  /** The body as JSON, typed as loosely as `JSON.parse`. Throws when it is not JSON. */
  json(): ReturnType<typeof JSON.parse>;
}

/** The server of the requests, and the CA that they trust. */
export interface TransportOptions {
  /** Scheme, host and port. */
  readonly baseUrl: string;
  /** PEM of the certificate authority that the server's certificate must come from. */
  readonly ca?: string;
  /** Maximum number of open connections (default: 128). */
  readonly connections?: number;
}

/** Sends requests exactly as given: the path is not normalized, redirects are not followed, nothing is retried. */
export interface Transport extends AsyncDisposable {
  send(method: string, path: string, init: RequestInit): Promise<OpenResponse>;
}

/** Opens a pool of connections to one server. */
export function createTransport({ baseUrl, ca, connections = 128 }: TransportOptions): Transport {
  const { origin } = new URL(baseUrl);
  const agent = new Agent({
    connections,
    connect: { ...(ca && { ca }) },
    // Sealing a large upload or reading it back may take longer than the default of five minutes on a busy machine.
    headersTimeout: 600_000,
    // Half of what the server gives them, so that no request meets a connection that it closes, however late timers are.
    keepAliveMaxTimeout: 45_000,
    bodyTimeout: 600_000,
  });
  return {
    async send(method, path, { headers = {}, body, authorization, signal }) {
      const response = await agent.request({
        origin,
        path,
        method,
        headers: { ...headers, ...(authorization && { authorization }) },
        body: body ?? null,
        ...(signal && { signal }),
      });
      return { status: response.statusCode, headers: response.headers, body: response.body };
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

/** Reads a response to its end. */
export async function readResponse({ status, headers, body }: OpenResponse): Promise<OciResponse> {
  const bytes = await buffer(body);
  return {
    status,
    headers,
    body: bytes,
    header(name) {
      const value = headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    text: () => bytes.toString('utf8'),
    json: () => JSON.parse(bytes.toString('utf8')),
  };
}
