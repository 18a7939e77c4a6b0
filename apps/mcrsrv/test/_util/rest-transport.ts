import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromJson,
  type JsonValue,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { type Binding, toJson } from '@mcr/rpc';
import { adminApi } from '@mcr/rpc/api';
import { openApi } from '@mcr/rpc/openapi';
import type { OciResponse } from '@mcr/testkit';
import { expect } from 'vitest';
import { misfits, type OpenApi } from './openapi.ts';
import type { TestServer } from './server.ts';

type Json = Readonly<Record<string, unknown>>;

const { paths } = openApi as unknown as OpenApi;

/** The codes of the RPCs for what REST tells by its status. */
const codes: Readonly<Record<number, Code>> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  405: Code.Unimplemented,
  409: Code.AlreadyExists,
  413: Code.ResourceExhausted,
  429: Code.ResourceExhausted,
  503: Code.Unavailable,
};

/**
 * REST as a transport of the generated clients: what a message holds goes where the proto says, and comes back as a message. The
 * status must be the one of the proto, and each body fit the OpenAPI document. Errors carry the status as `rest-status`, since
 * REST has no codes of its own.
 */
export function restTransport(server: TestServer, authorization?: string): Transport {
  const client = server.client({});
  const unary = async (method: DescMethodUnary, input: MessageInitShape<DescMessage>) => {
    const { http } = adminApi.methods[`${method.parent.typeName}.${method.name}`]!;
    const { path, body } = bind(http, givenFields(method.input, input));
    const headers = {
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await client.request(http.verb, path, { authorization: null, headers, ...content });
    const json: unknown = response.body.length === 0 ? undefined : response.json();
    const described = paths[http.path.replaceAll('=**', '')]![http.verb.toLowerCase()]!;
    expect(misfits(described, response.status, json), `${http.verb} ${path}: ${response.text()}`).toEqual([]);
    if (response.status >= 400 && response.status !== http.otherStatus) throw errorOf(response, json);
    expect([http.status, http.otherStatus], `${http.verb} ${path}`).toContain(response.status);
    return unbind(http, method.output, json, response.header('link'));
  };
  return {
    unary: async (method, _signal, _timeoutMs, _header, input) => ({
      stream: false,
      service: method.parent,
      method,
      header: new Headers(),
      message: (await unary(method, input)) as never,
      trailer: new Headers(),
    }),
    stream: () => Promise.reject(new Error('REST has no streams')),
  };
}

/** The fields that a caller has set, as JSON has them; a message as a whole has the defaults as well. */
function givenFields(schema: DescMessage, input: MessageInitShape<DescMessage>): Json {
  const given = schema.fields.filter(({ localName }) => (input as Json)[localName] !== undefined);
  const names = new Set(given.map(({ name }) => name));
  const json = Object.entries(toJson(schema, create(schema, input)));
  return Object.fromEntries(json.filter(([name]) => names.has(name)));
}

function bind({ verb, path: template, body, page }: Binding, fields: Json): { path: string; body?: Json } {
  const { page_size: size, page_token: token, ...rest } = fields;
  const left = new Map(Object.entries(rest));
  const path = template.replaceAll(/\{(\w+)(?:=\*\*)?\}/g, (_, name: string) => {
    const value = String(left.get(name));
    left.delete(name);
    return encodeURIComponent(value);
  });
  if (body) return { path, body: Object.fromEntries(left) };
  if (size) left.set('n', size);
  if (page !== undefined && typeof token === 'string' && token !== '') {
    left.set(page.cursor, Buffer.from(token, 'base64url').toString());
  }
  expect(
    [verb, ...left.values()].filter((value) => typeof value === 'object'),
    `a query of ${path}`,
  ).toEqual([]);
  const query = new URLSearchParams([...left].map(([name, value]) => [name, String(value)])).toString();
  return { path: query === '' ? path : `${path}?${query}` };
}

function unbind(http: Binding, schema: DescMessage, body: unknown, link: string | undefined) {
  if (http.status === 204) expect(body).toBeUndefined();
  const json = http.responseBody === undefined ? { ...(body as Json) } : { [http.responseBody]: body };
  const fields = http.fields === undefined ? json : nested(http.fields, json);
  if (link === undefined) return fromJson(schema, fields as JsonValue);
  expect(link).toMatch(/^<\/v1\/[^>]+>; rel="next"$/);
  const cursor = new URL(/^<([^>]+)>/.exec(link)![1]!, 'https://localhost').searchParams.get(http.page!.cursor)!;
  return fromJson(schema, { ...fields, next_page_token: Buffer.from(cursor).toString('base64url') });
}

/** Puts fields where the message has them that a body has side by side. */
function nested(fieldPaths: readonly string[], body: Json): Json {
  const message: Record<string, unknown> = {};
  for (const fieldPath of fieldPaths) {
    const parents = fieldPath.split('.');
    const name = parents.pop()!;
    if (!(name in body)) continue;
    const parent = parents.reduce((it, key) => (it[key] ??= {}) as Record<string, unknown>, message);
    parent[name] = body[name];
  }
  return message;
}

function errorOf({ status, headers }: OciResponse, body: unknown): ConnectError {
  const { error, detail, ...more } = body as { error: string; detail?: unknown };
  expect({ error, more }, JSON.stringify(detail)).toEqual({ error: expect.stringMatching(/\S.*[^.\s]$/s), more: {} });
  const code = codes[status];
  if (code === undefined) throw new Error(`Status ${status}: ${JSON.stringify(body)}`);
  const metadata = new Headers({ 'rest-status': String(status) });
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined) metadata.set('retry-after', retryAfter);
  return new ConnectError(error, code, metadata);
}
