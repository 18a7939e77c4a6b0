import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Ledger } from './ledger.ts';

/** What is asked. */
export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The body of the response is the place of a new secret. */
  readonly issues?: boolean;
}

/** A response, read whole. */
export interface TestResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks over TLS; every response goes into the ledger, but for what hands a secret to its owner. */
export function visitor(ledger: Ledger, ca: string) {
  return async (method: string, url: string, question: Question = {}): Promise<TestResponse> => {
    const { promise, resolve, reject } = Promise.withResolvers<TestResponse>();
    const { headers = {}, body } = question;
    request(url, { method, headers: { ...headers, ...lengthOf(body) }, ca, agent: false }, (response) => {
      const { statusCode: status = 0 } = response;
      text(response).then((read) => resolve({ status, headers: response.headers, body: read }), reject);
    })
      .on('error', reject)
      .end(body);
    const response = await promise;
    const { 'set-cookie': _, ...others } = response.headers;
    ledger.wrote('headers of responses', `${method} ${response.status} ${JSON.stringify(others)}`);
    if (question.issues !== true) ledger.wrote('bodies of responses', response.body);
    return response;
  };
}

function lengthOf(body: string | Uint8Array | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

/** Headers of a JSON body. */
export const asJson = { 'content-type': 'application/json' };
/** Headers of a form. */
export const asForm = { 'content-type': 'application/x-www-form-urlencoded' };

/** An Authorization header with a name and a password. */
export function basic(username: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** An Authorization header with a token. */
export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}
