import { z } from 'zod';

/** The parts of an OpenAPI 3.1 document that tests look at. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: Readonly<Record<string, unknown>> };
}

export interface Operation {
  readonly summary: string;
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: object;
}

type Content = Readonly<Record<string, { readonly schema: object }>>;

/** The operation that a request meets; names with slashes count as one segment. */
export function operationFor({ paths }: OpenApi, method: string, path: string): Operation | undefined {
  const asGet = method === 'HEAD' ? 'GET' : method;
  // Of two that match a name with slashes, the one with the longer end.
  const byEnd = Object.entries(paths).toSorted(([a], [b]) => endOf(b) - endOf(a));
  const found = byEnd.find(([template, operations]) => {
    const pattern = template
      .replaceAll('.', '\\.')
      .replace(/\{(?:name|repository)\}/, '.+')
      .replaceAll(/\{\w+\}/g, '[^/]+');
    return asGet.toLowerCase() in operations && new RegExp(`^${pattern}$`).test(path);
  });
  return found?.[1][asGet.toLowerCase()];
}

function endOf(template: string): number {
  return template.length - template.search(/\}|$/);
}

/** What a response's body has against the schema that the document gives for its status; nothing when it fits. */
export function misfits(operation: Operation, status: number, body: unknown): string[] {
  const response = operation.responses[String(status)] ?? operation.responses['default'];
  const schema = response?.content?.['application/json']?.schema;
  if (schema === undefined) return body === undefined ? [] : ['there is a body, and none is described'];
  const issues = compiled(schema).safeParse(body).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const checkers = new WeakMap<object, z.ZodType>();

/** The checker of a schema, which is made once: that costs more than a check. */
function compiled(schema: object): z.ZodType {
  const checker = checkers.get(schema) ?? z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  checkers.set(schema, checker);
  return checker;
}
