import type { IncomingHttpHeaders } from 'node:http';
import { request as http } from 'node:http';
import { request as https, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';

/** A web UI that can be visited. */
export interface Visited {
  readonly url: string;
  /** The authority that issued its certificate. */
  readonly ca: { readonly caPem: string };
  /** Values of cookies that must stay secret; visitors add theirs. */
  readonly secrets?: Set<string>;
}

/** A complete response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request as a browser would, trusting the UI's authority. */
export async function ask(
  web: Visited,
  path: string,
  options: RequestOptions = {},
  body?: string,
): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  const request = web.url.startsWith('https:') ? https : http;
  request(web.url + path, { ca: web.ca.caPem, agent: false, ...options }, (response) => {
    const { statusCode = 0, headers } = response;
    text(response).then((body) => resolve({ status: statusCode, headers, body }), reject);
  })
    .on('error', reject)
    .end(body);
  return promise;
}

/** Sends raw bytes over TLS, and returns the status line of the response. */
export async function askRaw(web: Visited, lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(web.url);
  const socket = connect({ host: hostname, port: Number(port), ca: web.ca.caPem });
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const response = await text(socket);
  return response.split('\r\n', 1)[0] ?? '';
}
