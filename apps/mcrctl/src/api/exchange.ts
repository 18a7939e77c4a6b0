import type { Agent, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Target } from '../settings/target.ts';

/** A request. */
export interface Message {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, encoded. */
  readonly path: string;
  readonly token?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** The response. */
export interface HttpResponse {
  readonly status: number;
  /** `undefined` if the body is not JSON. */
  readonly body: unknown;
  /** The `Link` header. */
  readonly link: string | undefined;
}

/**
 * Far above any response of a registry, so a larger one comes from another kind of server. Bytes, or characters of
 * JSON.
 */
export const maxBodyLength = 16 * 1024 * 1024;

/**
 * Sends one request over TLS 1.3. It does not follow redirects, so that the token is only sent to the target. Throws
 * Node's errors.
 */
export async function exchange(
  target: Target,
  message: Message,
  agent: Agent,
  deadline: AbortSignal,
): Promise<HttpResponse> {
  const response = await send(target, message, agent, AbortSignal.any([deadline, target.cancelled]));
  const body = parse(await readBody(response));
  return { status: response.statusCode ?? 0, body, link: response.headers.link as string | undefined };
}

function send(
  { address, ca }: Target,
  { method, path, token, body }: Message,
  agent: Agent,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const content = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(content !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
  };
  const options = { method, headers, ca, minVersion: 'TLSv1.3', agent, signal } as const;
  request(address + path, options, resolve)
    .on('error', reject)
    .end(content);
  return promise;
}

async function readBody(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > maxBodyLength) throw new Error('the response is too large');
  }
  return text;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
