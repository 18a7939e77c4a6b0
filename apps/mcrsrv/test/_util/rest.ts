import type { OciClient } from '@mcr/testkit';
import { expect } from 'vitest';
import { misfits, type OpenApi, operationFor } from './openapi.ts';

/** A response of the REST API. */
export interface RestResponse {
  readonly status: number;
  /** The JSON body, typed as loosely as `JSON.parse`; absent when there was none. */
  readonly body: ReturnType<typeof JSON.parse>;
  header(name: string): string | undefined;
}

/** Calls of the REST API with one token. Every response must fit the OpenAPI document. */
export interface RestClient {
  call(method: string, path: string, body?: unknown): Promise<RestResponse>;
  get(path: string): Promise<RestResponse>;
  post(path: string, body?: unknown): Promise<RestResponse>;
  patch(path: string, body: unknown): Promise<RestResponse>;
  delete(path: string): Promise<RestResponse>;
  /** Follows `Link` from a path to the end and gives the pages' bodies. */
  pages(path: string): Promise<ReturnType<typeof JSON.parse>[]>;
}

/** Longer than any list of a test, so that a list that never ends is noticed. */
const maxPages = 50;

/** REST over a client's connection and credentials. */
export function restClient(client: OciClient, description: OpenApi): RestClient {
  const call: RestClient['call'] = async (method, path, body) => {
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await client.request(method, path, body === undefined ? {} : json);
    const parsed: unknown = response.body.length === 0 ? undefined : response.json();
    const operation = operationFor(description, method, path.split('?', 1)[0]!);
    if (operation !== undefined && method !== 'HEAD') {
      const problems = misfits(operation, response.status, parsed);
      expect(problems, `${method} ${path}: ${response.text().slice(0, 500)}`).toEqual([]);
    }
    return { status: response.status, body: parsed, header: (name) => response.header(name) };
  };
  const get: RestClient['get'] = (path) => call('GET', path);
  return {
    call,
    get,
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
    async pages(path) {
      const bodies: unknown[] = [];
      for (let next: string | undefined = path; next !== undefined; ) {
        const response: RestResponse = await get(next);
        expect(response.status, JSON.stringify(response.body)).toBe(200);
        bodies.push(response.body);
        expect(bodies.length).toBeLessThan(maxPages);
        const link = response.header('link');
        if (link !== undefined) expect(link).toMatch(/^<\/v1\/[^>]+>; rel="next"$/);
        next = link && /^<([^>]+)>/.exec(link)?.[1];
      }
      return bodies;
    },
  };
}
