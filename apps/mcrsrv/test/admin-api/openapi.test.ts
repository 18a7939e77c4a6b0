import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import type { OpenApi, Operation } from '../_util/openapi.ts';
import { adminRoutes } from '../_util/routes.ts';

const api = useAdminApi();
let document: OpenApi;
beforeAll(async () => {
  const response = await api().rest('person').get('/v1/openapi.json');
  expect(response.status).toBe(200);
  document = response.body;
});

function operations(): { path: string; method: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

describe('the OpenAPI document', () => {
  test('is of version 3.1, with what that version demands', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: expect.stringMatching(/\S/), version: expect.stringMatching(/\S/) });
    expect(document.components.securitySchemes).toEqual({ bearer: { type: 'http', scheme: 'bearer' } });
    for (const { path, method, operation } of operations()) {
      const place = `${method} ${path}`;
      expect(path, place).toMatch(/^\/v1\//);
      expect(['get', 'post', 'patch', 'delete'], place).toContain(method);
      expect(operation.summary, place).toMatch(/\S/);
      expect(Object.keys(operation.responses), place).toContain('default');
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status, place).toMatch(/^(?:[1-5][0-9]{2}|default)$/);
        expect(response.description, place).toMatch(/\S/);
      }
    }
  });

  test('gives every operation an id of its own', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
  });

  test('lists every route and nothing else', () => {
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    const served = adminRoutes.map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual(served.toSorted());
    expect(served.length).toBeGreaterThan(25);
  });

  test('declares every placeholder of a path, and each parameter once', () => {
    for (const { path, operation } of operations()) {
      const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => name).toSorted(), path).toEqual(placeholders.toSorted());
      const keys = operation.parameters.map(({ name, in: place }) => `${place} ${name}`);
      expect(new Set(keys).size, path).toBe(keys.length);
      for (const parameter of operation.parameters) {
        expect(parameter.required, path).toBe(parameter.in === 'path');
        expect(Object.keys(parameter.schema).length, `${path} ${parameter.name}`).toBeGreaterThan(0);
      }
    }
  });

  test('says which operations need a token', () => {
    const open = operations().filter(({ operation }) => operation.security.length === 0);
    expect(open.map(({ path }) => path).toSorted()).toEqual([
      '/v1/auth/login',
      '/v1/auth/sign-in',
      '/v1/health',
      '/v1/ready',
    ]);
    for (const { operation } of operations()) {
      for (const scheme of operation.security) expect(scheme).toEqual({ bearer: [] });
    }
  });

  test('holds no reference that leads nowhere, and bodies only where there can be one', () => {
    expect(JSON.stringify(document)).not.toContain('"$ref"');
    for (const { path, method, operation } of operations()) {
      const hasBody = operation.requestBody !== undefined;
      if (hasBody) expect(['post', 'patch'], path).toContain(method);
      const withBody = [operation.requestBody?.content, ...Object.values(operation.responses).map((it) => it.content)];
      for (const content of withBody.filter((it) => it !== undefined)) {
        expect(Object.keys(content), path).toEqual(['application/json']);
        const { schema } = content['application/json']!;
        expect(schema, path).toMatchObject({ type: expect.stringMatching(/^(?:object|array)$/) });
      }
    }
  });

  test('describes bodies that allow no other fields', () => {
    for (const { path, operation } of operations()) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (schema !== undefined) expect(schema, path).toMatchObject({ additionalProperties: false });
    }
  });
});
