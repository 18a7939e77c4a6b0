import { expect, test } from 'vitest';
import { operations } from '../operations.ts';
import { RouteTable } from './match.ts';

const table = new RouteTable(operations);

test.each([
  ['GET', '/v1/repositories', 'ListRepositories', {}],
  ['GET', '/v1/repositories/app', 'GetRepository', { name: 'app' }],
  ['HEAD', '/v1/repositories/team/app', 'GetRepository', { name: 'team/app' }],
  ['GET', '/v1/repositories/team%2Fapp', 'GetRepository', { name: 'team/app' }],
  ['GET', '/v1/repositories/team/app/tags', 'ListTags', { repository: 'team/app' }],
  ['GET', '/v1/repositories/team%2Ftags', 'GetRepository', { name: 'team/tags' }],
  ['GET', '/v1/repositories/team%2Ftags/tags', 'ListTags', { repository: 'team/tags' }],
  ['GET', '/v1/repositories/a/tags/tags', 'ListTags', { repository: 'a/tags' }],
  ['DELETE', '/v1/repositories/a/tags/tags/v1', 'DeleteTag', { repository: 'a/tags', tag: 'v1' }],
  ['GET', '/v1/repositories/team/app:usage', 'GetRepositoryUsage', { name: 'team/app' }],
  [
    'GET',
    '/v1/repositories/a/manifests/sha256:0a:inspect',
    'InspectManifest',
    { repository: 'a', reference: 'sha256:0a' },
  ],
  ['POST', '/v1/repositories/a/tags:delete', 'DeleteTags', { repository: 'a' }],
  ['PATCH', '/v1/policy/rules/7', 'UpdatePolicyRule', { id: '7' }],
  ['GET', '/v1/policy/rules/%zz', 'GetPolicyRule', { id: '%zz' }],
])('%s %s is %s', (method, path, name, words) => {
  const match = table.find(method, path);
  expect(match?.operation.method.name).toBe(name);
  expect(Object.fromEntries(match!.words)).toEqual(words);
});

test.each([
  ['GET', '/v1'],
  ['GET', '/v1/'],
  ['GET', '/v1/repositories/'],
  ['PUT', '/v1/repositories'],
  ['DELETE', '/v1/repositories'],
  ['GET', '/v1/policy/rules/7/x'],
  ['GET', '/v1/auditx'],
  ['TRACE', '/v1/health'],
])('%s %s is nothing', (method, path) => {
  expect(table.find(method, path)).toBeUndefined();
});
