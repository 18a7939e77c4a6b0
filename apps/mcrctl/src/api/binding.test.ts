import { adminApi } from '@mcr/rpc/api';
import { ListAuditEventsResponseSchema } from '@mcr/rpc/mcr/v1/audit_pb';
import {
  GarbageCollectResponseSchema,
  GetRepositoryResponseSchema,
  ListRepositoriesResponseSchema,
} from '@mcr/rpc/mcr/v1/registry_pb';
import { describe, expect, test } from 'vitest';
import { bindRequest, unbindResponse } from './binding.ts';

const http = (name: string) => adminApi.methods[`mcr.v1.${name}`]!.http;

describe('a request', () => {
  test.each([
    ['RegistryService.DeleteRepository', { name: 'team/app' }, 'DELETE', '/v1/repositories/team%2Fapp', true],
    ['RegistryService.GetRepository', { name: 'a', page_size: 0 }, 'GET', '/v1/repositories/a?n=0', true],
    ['RegistryService.ListRepositories', { page_size: 200 }, 'GET', '/v1/repositories?n=200', false],
    [
      'RegistryService.ListRepositories',
      { search: 'a b', page_size: 2, page_token: 'x&y' },
      'GET',
      '/v1/repositories?search=a+b&n=2&last=x%26y',
      true,
    ],
    ['AuditService.ListAuditEvents', { page_token: '7' }, 'GET', '/v1/audit?before=7', false],
  ])('of %s with %j is %s %s', (name, input, method, path, names) => {
    expect(bindRequest(http(name), input)).toEqual({ method, path, names });
  });

  test('of POST has a body, which names nothing', () => {
    expect(bindRequest(http('RegistryService.GarbageCollect'), { reconcile: true })).toEqual({
      method: 'POST',
      path: '/v1/gc',
      body: { reconcile: true },
      names: false,
    });
  });
});

describe('a response', () => {
  test('is nested as in its message', () => {
    const run = unbindResponse(http('RegistryService.GarbageCollect'), GarbageCollectResponseSchema, { id: 'x' });
    expect(run).toMatchObject({ run: { id: 'x', state: '' } });
    const body = { name: 'a', tag_count: 1, manifest_count: 2, total_size: 3, tags: [], manifests: [] };
    const repository = unbindResponse(http('RegistryService.GetRepository'), GetRepositoryResponseSchema, body);
    expect(repository).toMatchObject({ repository: { name: 'a', tag_count: 1 }, tags: [] });
    expect(unbindResponse(http('AuditService.ListAuditEvents'), ListAuditEventsResponseSchema, [])).toMatchObject({
      events: [],
    });
  });

  test('of a newer server may have more fields, and of an older one fewer in its items', () => {
    const body = { repositories: [{ name: 'a', color: 'red' }], total: 1 };
    const response = unbindResponse(http('RegistryService.ListRepositories'), ListRepositoriesResponseSchema, body);
    expect(response).toEqual({
      repositories: [{ name: 'a', tag_count: 0, manifest_count: 0, total_size: 0 }],
      next_page_token: '',
    });
  });

  test.each([
    ['GarbageCollect', GarbageCollectResponseSchema, {}],
    ['GetRepository', GetRepositoryResponseSchema, { name: 'a', tags: [], manifests: [] }],
    ['ListRepositories', ListRepositoriesResponseSchema, { items: [] }],
    ['ListRepositories', ListRepositoriesResponseSchema, { repositories: [{ name: 1 }] }],
    ['ListRepositories', ListRepositoriesResponseSchema, []],
    ['ListRepositories', ListRepositoriesResponseSchema, undefined],
  ] as const)('of %s is undefined if it does not fit', (name, schema, body) => {
    expect(unbindResponse(http(`RegistryService.${name}`), schema, body)).toBeUndefined();
  });
});
