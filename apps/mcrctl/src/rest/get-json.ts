import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { explainConnectionError } from './connection-error.ts';

/** Where to ask, and how long. */
export interface Target {
  /** Origin. */
  readonly server: string;
  /** Value of `--ca-cert`, for messages. */
  readonly caFile: string | undefined;
  readonly ca: string[];
  /** Milliseconds for one request and its answer. */
  readonly timeout: number;
  readonly cancelled: AbortSignal;
}

/** An answer. */
export interface Answer {
  /** What was asked, for messages. */
  readonly url: string;
  readonly status: number;
  /** `undefined` when the body is not JSON. */
  readonly body: unknown;
}

/** No answer of the registry comes near this; a body above it is something else's. */
const maxBodyBytes = 16 * 1024 * 1024;

/** Asks over TLS 1.3. Throws a CliError that says what was tried, what went wrong and what to do. */
export async function getJson(target: Target, path: string): Promise<Answer> {
  const url = target.server + path;
  const deadline = AbortSignal.timeout(target.timeout);
  try {
    const response = await request(url, target, AbortSignal.any([deadline, target.cancelled]));
    return { url, status: response.statusCode ?? 0, body: parse(await readBody(response)) };
  } catch (error) {
    throw explainConnectionError(error, target, deadline.aborted);
  }
}

function request(url: string, { ca }: Target, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { accept: 'application/json' };
  get(url, { ca, minVersion: 'TLSv1.3', agent: false, headers, signal }, resolve).on('error', reject);
  return promise;
}

async function readBody(response: IncomingMessage): Promise<string> {
  let received = 0;
  response.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxBodyBytes) response.destroy(new Error('the answer is too long'));
  });
  return text(response);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
