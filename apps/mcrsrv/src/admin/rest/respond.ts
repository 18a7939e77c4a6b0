import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { nextLink } from '@mcr/core';
import type { Page } from '@mcr/db';
import { type Binding, type JsonObject, toJson } from '@mcr/rpc';
import type { Context } from 'hono';
import type { AppEnv } from '../../http/env.ts';
import { respond, respondJson } from '../../http/respond.ts';
import type { Operation } from '../operation.ts';
import { cursorOf } from '../page.ts';

/** The field of a list's response that leads to the next page; REST has a Link header for it. */
const tokenField = 'next_page_token';

/** Headers of every response of the admin API. */
export const common = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/** What the request was that a response is for. */
export interface Asked {
  readonly words: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  readonly page: Page | undefined;
}

/** A response as REST has it: the status, the headers and the part of the message that the proto says. */
export function respondWith(
  c: Context<AppEnv>,
  operation: Operation,
  response: MessageShape<DescMessage>,
  asked: Asked,
): Response {
  const { method, options } = operation;
  const { status, otherStatus } = options.http;
  const json = toJson(method.output, response);
  const headers = { ...common, ...locationOf(options.http, json), ...linkOf(operation, json, asked) };
  if (status === 204) return respond(c, status, headers);
  const chosen = otherStatus !== undefined && operation.isOther(response) ? otherStatus : status;
  return respondJson(c, bodyOf(options.http, json), headers, chosen);
}

function bodyOf({ responseBody, fields }: Binding, json: JsonObject): unknown {
  if (responseBody !== undefined) return json[responseBody];
  if (fields === undefined) return Object.fromEntries(Object.entries(json).filter(([name]) => name !== tokenField));
  return Object.fromEntries(fields.map((path) => [path.split('.').at(-1), valueAt(json, path)]));
}

function valueAt(json: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as JsonObject | undefined)?.[name], json);
}

function locationOf({ location }: Binding, json: JsonObject): { readonly Location?: string } {
  if (location === undefined) return {};
  return { Location: location.replaceAll(/\{([\w.]+)\}/g, (_, path: string) => String(valueAt(json, path))) };
}

/** The next page has what was asked for, and begins after this one. The name in its path is raw: its end says where it ends. */
function linkOf({ options }: Operation, json: JsonObject, { words, query, page }: Asked): { readonly Link?: string } {
  const { path, page: paging } = options.http;
  const token = json[tokenField];
  if (paging === undefined || page === undefined || typeof token !== 'string' || token === '') return {};
  const given = [...query].filter(([name]) => name !== 'offset');
  const target = path.replaceAll(/\{(\w+)(?:=[^{}]*)?\}/g, (_, name: string) => words.get(name) ?? '');
  const next = { ...Object.fromEntries(given), n: page.limit, [paging.cursor]: cursorOf(token) };
  return { Link: nextLink(target, next) };
}
