import type { DescMethod } from '@bufbuild/protobuf';
import type { AdminApi, Binding, MethodOptions } from '@mcr/rpc';
import { commentOf } from './descriptors.ts';
import { type JsonSchema, messageSchema, type Rules, schemaOf } from './json-schema.ts';

const description =
  `Errors are {"error": "..."} with the status that fits. Where a path names a repository, the slashes of its name
stand as they are or as %2F. Of a list, the Link header leads to the next page.`.replaceAll('\n', ' ');

const error: JsonSchema = {
  type: 'object',
  properties: { error: { type: 'string' }, detail: {} },
  required: ['error'],
  additionalProperties: false,
};

/** The admin API over REST as an OpenAPI 3.1 document, but for its version. */
export function openApi(methods: readonly DescMethod[], api: AdminApi): object {
  const paths: Record<string, Record<string, object>> = {
    '/v1/openapi.json': { get: ownDescription },
  };
  for (const method of methods) {
    const options = api.methods[`${method.parent.typeName}.${method.name}`]!;
    const path = options.http.path.replaceAll(/=[^}]+\}/g, '}');
    (paths[path] ??= {})[options.http.verb.toLowerCase()] = operation(method, options, api.rules);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'MCR admin API', version: '', description },
    paths,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  };
}

const bearer = [{ bearer: [] }];
const failure = { default: { description: 'Rejected or failed', content: content(error) } };
const ownDescription = {
  summary: 'This description',
  operationId: 'getOpenApi',
  security: bearer,
  parameters: [],
  responses: { 200: { description: 'OpenAPI 3.1', content: content({ type: 'object' }) }, ...failure },
};

function operation(method: DescMethod, { access, http }: MethodOptions, rules: Rules): object {
  const comment = methodComment(method);
  const [summary] = comment.split(/(?<=\.) /, 1);
  const response = responseSchema(method, http, rules);
  const success = { description: commentOf(method.output.file, [4, indexOf(method.output)]) || 'Done', ...response };
  return {
    summary: `${summary!.replace(/\.$/, '')}${access.role === 'admin' ? ' (admin)' : ''}`,
    description: comment,
    operationId: method.localName,
    security: access.role === 'public' ? [] : bearer,
    parameters: parameters(method, http, rules),
    ...(http.body && {
      requestBody: { required: !http.bodyOptional, content: content(bodySchema(method, http, rules)) },
    }),
    responses: {
      [http.status]: success,
      ...(http.otherStatus !== undefined && { [http.otherStatus]: success }),
      ...failure,
    },
  };
}

function methodComment(method: DescMethod): string {
  const services = method.parent.file.services.indexOf(method.parent);
  return commentOf(method.parent.file, [6, services, 2, method.parent.methods.indexOf(method)]);
}

function indexOf(message: DescMethod['input']): number {
  return message.file.messages.indexOf(message);
}

function content(schema: JsonSchema): object {
  return { 'application/json': { schema } };
}

/** Names of the fields that the path has. */
function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)/g)].map(([, name]) => name!);
}

function parameters({ input }: DescMethod, { path, body, page }: Binding, rules: Rules): object[] {
  const inPath = namesIn(path);
  const named = input.fields.filter(({ name }) => inPath.includes(name) || !body);
  const own = named
    .filter(({ name }) => name !== 'page_size' && name !== 'page_token')
    .map((field) => parameter(field.name, inPath.includes(field.name), schemaOf(field, rules)));
  if (page === undefined) return own;
  const size = { type: 'integer', minimum: 0, maximum: 1_000, default: page.size };
  const paged = [...own, parameter('n', false, { ...size, description: 'Items on a page.' })];
  if (!input.fields.some(({ name }) => name === 'page_token')) return paged;
  const next = { type: 'string', description: 'Continue after this item; take it from the Link header.' };
  return [...paged, parameter(page.cursor, false, next)];
}

function parameter(name: string, isInPath: boolean, { description: text, ...schema }: JsonSchema): object {
  return {
    name,
    in: isInPath ? 'path' : 'query',
    required: isInPath,
    ...(text !== undefined && { description: text }),
    schema,
  };
}

function bodySchema({ input }: DescMethod, { path }: Binding, rules: Rules): JsonSchema {
  const inPath = namesIn(path);
  return messageSchema(
    input.fields.filter(({ name }) => !inPath.includes(name)),
    rules,
    'request',
  );
}

function responseSchema({ output }: DescMethod, { status, responseBody, fields }: Binding, rules: Rules): object {
  if (output.fields.length === 0 || status === 204) return {};
  const all = output.fields.filter(({ name }) => name !== 'next_page_token');
  const body = all.find(({ name }) => name === responseBody);
  if (body !== undefined) return { content: content(schemaOf(body, rules)) };
  const chosen = fields?.map((path) => path.split('.').reduce(chooseField, { fields: output.fields }).field!);
  return { content: content(messageSchema(chosen ?? all, rules, 'response')) };
}

type Choice = {
  readonly fields: DescMethod['input']['fields'];
  readonly field?: DescMethod['input']['fields'][number];
};

function chooseField({ fields }: Choice, name: string): Choice {
  const field = fields.find((it) => it.name === name)!;
  return { field, fields: field.message?.fields ?? [] };
}
