import { create, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { isJsonObject } from '@mcr/core';
import type { Page } from '@mcr/db';
import { type FieldProblem, fromJson, fromWords } from '@mcr/rpc';
import { invalidRequest } from '../invalid-request.ts';
import type { Operation } from '../operation.ts';

/** Where the fields of a request come from. */
export interface RequestParts {
  readonly words: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  /** The JSON body; absent where the method has none. */
  readonly body: unknown;
  readonly page: Page | undefined;
}

/**
 * The request's message: the path's fields, then those of the body or else of the query, where what no field is called is
 * ignored. Throws `PARAMETER_INVALID`, which names each problem with its field.
 */
export function readRequest({ method, options }: Operation, parts: RequestParts): MessageShape<DescMessage> {
  const { words, query, body, page } = parts;
  const fromPath = fromWords(method.input, words);
  const rest = options.http.body
    ? bodyFields(method.input, body, words)
    : fromWords(method.input, queryFields(query, words));
  const problems = [...fromPath.problems, ...rest.problems];
  if (problems.length > 0) throw invalidRequest(problems);
  const size = page === undefined ? {} : { pageSize: page.limit };
  return create(method.input, { ...rest.message, ...fromPath.message, ...size });
}

/** What the path says, the query cannot; pages have their own parameters. */
function queryFields(
  query: ReadonlyMap<string, string>,
  words: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map([...query].filter(([name]) => !words.has(name) && name !== 'page_size' && name !== 'page_token'));
}

function bodyFields(schema: DescMessage, body: unknown, words: ReadonlyMap<string, string>) {
  if (!isJsonObject(body)) throw invalidRequest([{ field: 'body', problem: 'must be a JSON object' }]);
  const twice = Object.keys(body).filter((name) => words.has(name));
  const { message, problems } = fromJson(schema, body);
  const own = twice.map((name): FieldProblem => ({ field: 'body', problem: `the path has the field "${name}"` }));
  return { message, problems: [...own, ...problems] };
}
