import { create, type DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { type Binding, fromJson, toJson } from '@mcr/rpc';
import type { JsonObject } from './client.ts';
import type { Message } from './exchange.ts';

/** The REST binding of a request. */
export interface BoundRequest extends Message {
  /**
   * Whether path or query name something that may not exist; otherwise 404 means that the server does not know the
   * path.
   */
  readonly names: boolean;
}

/** Puts the fields of a request where its binding says: into the path, the body, or the query. */
export function bindRequest({ verb, path: template, body, page }: Binding, input: JsonObject): BoundRequest {
  const { page_size: n, page_token: token, ...rest } = input;
  const left = new Map(Object.entries(rest));
  const path = template.replaceAll(/\{(\w+)(?:=\*\*)?\}/g, (_, name: string) => {
    const value = String(left.get(name));
    left.delete(name);
    return encodeURIComponent(value);
  });
  const names = path !== template || (!body && left.size > 0);
  if (body) return { method: verb, path, body: Object.fromEntries(left), names };
  if (n !== undefined) left.set('n', n);
  if (page !== undefined && token !== undefined) left.set(page.cursor, token);
  const query = new URLSearchParams([...left].map(([name, value]) => [name, String(value)])).toString();
  return { method: verb, path: query === '' ? path : `${path}?${query}`, names };
}

/**
 * Converts a body to the response message; `undefined` if it does not fit. Unknown fields are ignored, since a newer
 * server may send them. Fields without presence are always sent: a field that is added to a response later is
 * `optional`.
 */
export function unbindResponse(
  { responseBody, fields }: Binding,
  schema: DescMessage,
  body: unknown,
): JsonObject | undefined {
  const whole = responseBody === undefined ? body : { [responseBody]: body };
  if (!isObject(whole)) return undefined;
  const expected = fields ?? schema.fields.map(({ name }) => name).filter((name) => name !== 'next_page_token');
  const isMissing = (path: string): boolean => !(lastName(path) in whole) && isAlwaysThere(schema, path.split('.'));
  if (expected.some(isMissing)) return undefined;
  const { message, problems } = fromJson(schema, fields === undefined ? whole : nest(fields, whole), {
    ignoreUnknown: true,
  });
  return problems.length === 0 ? toJson(schema, create(schema, message)) : undefined;
}

/** Nests the fields that a body has side by side as the message has them. */
function nest(paths: readonly string[], body: JsonObject): JsonObject {
  const message: Record<string, unknown> = {};
  for (const path of paths) {
    const name = lastName(path);
    const parents = path.split('.').slice(0, -1);
    const parent = parents.reduce((it, key) => (it[key] ??= {}) as Record<string, unknown>, message);
    if (name in body) parent[name] = body[name];
  }
  return message;
}

function isAlwaysThere(schema: DescMessage, [name, ...more]: readonly string[]): boolean {
  const field = schema.fields.find((it) => it.name === name);
  if (more.length > 0 && field?.message !== undefined) return isAlwaysThere(field.message, more);
  return field?.presence === FeatureSet_FieldPresence.IMPLICIT;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
