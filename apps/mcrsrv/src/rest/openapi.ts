import { version } from '@mcr/core';
import * as z from 'zod';
import type { AnswerDescription, RestRoute } from './route.ts';
import { errorAnswer } from './schemas.ts';

/** Describes the routes as an OpenAPI 3.1 document, from the very schemas that validate requests. */
export function describeApi(routes: readonly RestRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = describe(route);
  return {
    openapi: '3.1.0',
    info: { title: 'MCR admin API', version, description: 'Errors are {"error": "..."} with the status that fits.' },
    paths,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  };
}

function describe(route: RestRoute): object {
  const { access, summary, answer, otherwise, body } = route;
  return {
    summary: typeof access === 'object' ? `${summary} (admin)` : summary,
    operationId: operationId(route),
    security: access === 'public' ? [] : [{ bearer: [] }],
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(body && { requestBody: { required: route.bodyOptional !== true, content: json(body, 'input') } }),
    responses: {
      ...describeAnswer(answer),
      ...(otherwise && describeAnswer(otherwise)),
      default: { description: 'Refused or failed', content: json(errorAnswer, 'output') },
    },
  };
}

function describeAnswer({ status, description, schema }: AnswerDescription): object {
  return { [status]: { description, ...(schema && { content: json(schema, 'output') }) } };
}

function operationId({ method, path }: RestRoute): string {
  const words = path.replace('/v1', '').replaceAll(/[{}]/g, '').split(/[/_.]/).filter(Boolean);
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query'): object[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { description, ...type } = jsonSchema(field as z.ZodType, 'input') as { description?: string };
    return { name, in: place, required: place === 'path', ...(description && { description }), schema: type };
  });
}

function json(schema: z.ZodType, io: 'input' | 'output'): object {
  return { 'application/json': { schema: jsonSchema(schema, io) } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
