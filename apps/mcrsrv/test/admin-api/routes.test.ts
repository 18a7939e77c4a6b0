import { adminApi } from '@mcr/rpc/api';
import { expect, test } from 'vitest';

// Request line and status of success. The REST transport of the tests insists on what the protos say, and the protos on this.
const routes: readonly (readonly [method: string, request: string, ...statuses: number[]])[] = [
  ['Health', 'GET /v1/health', 200],
  ['Ready', 'GET /v1/ready', 200, 503],
  ['Snapshot', 'POST /v1/snapshots', 201],
  ['ListSnapshots', 'GET /v1/snapshots', 200],
  ['GetStatistics', 'GET /v1/statistics', 200],
  ['GetStorageUsage', 'GET /v1/statistics/storage', 200],
  ['DescribeStorage', 'GET /v1/storage', 200],
  ['ListAccounts', 'GET /v1/accounts', 200],
  ['CreateAccount', 'POST /v1/accounts', 201],
  ['UpdateAccount', 'PATCH /v1/accounts/{id}', 200],
  ['DeleteAccount', 'DELETE /v1/accounts/{id}', 204],
  ['ListIdentities', 'GET /v1/identities', 200],
  ['UpdateIdentity', 'PATCH /v1/identities/{id}', 200],
  ['DeleteIdentity', 'DELETE /v1/identities/{id}', 204],
  ['ListAuditEvents', 'GET /v1/audit', 200],
  ['GetActivity', 'GET /v1/audit/activity', 200],
  ['Login', 'POST /v1/auth/login', 200],
  ['SignIn', 'POST /v1/auth/sign-in', 200],
  ['Logout', 'POST /v1/auth/logout', 204],
  ['WhoAmI', 'GET /v1/auth/whoami', 200],
  ['ChangePassword', 'POST /v1/auth/password', 200],
  ['ListPermissions', 'GET /v1/auth/permissions', 200],
  ['ListTokens', 'GET /v1/tokens', 200],
  ['CreateToken', 'POST /v1/tokens', 201],
  ['RotateToken', 'POST /v1/tokens/{id}:rotate', 200],
  ['RevokeToken', 'DELETE /v1/tokens/{id}', 204],
  ['ListPolicyRules', 'GET /v1/policy/rules', 200],
  ['CreatePolicyRule', 'POST /v1/policy/rules', 201],
  ['GetPolicyRule', 'GET /v1/policy/rules/{id}', 200],
  ['UpdatePolicyRule', 'PATCH /v1/policy/rules/{id}', 200],
  ['DeletePolicyRule', 'DELETE /v1/policy/rules/{id}', 204],
  ['MatchRepositories', 'GET /v1/policy/matches', 200],
  ['ExplainPolicy', 'POST /v1/policy/explain', 200],
  ['ListDelegations', 'GET /v1/delegations', 200],
  ['CreateDelegation', 'POST /v1/delegations', 201],
  ['DeleteDelegation', 'DELETE /v1/delegations/{id}', 200],
  ['Search', 'GET /v1/search', 200],
  ['ListRepositories', 'GET /v1/repositories', 200],
  ['GetRepository', 'GET /v1/repositories/{name=**}', 200],
  ['GetRepositoryUsage', 'GET /v1/repositories/{name=**}:usage', 200],
  ['ListLayers', 'GET /v1/repositories/{repository=**}:layers', 200],
  ['UpdateRepository', 'PATCH /v1/repositories/{name=**}', 200],
  ['DeleteRepository', 'DELETE /v1/repositories/{name=**}', 204],
  ['ListTags', 'GET /v1/repositories/{repository=**}/tags', 200],
  ['DeleteTag', 'DELETE /v1/repositories/{repository=**}/tags/{tag}', 204],
  ['PlanTagDeletion', 'POST /v1/repositories/{repository=**}/tags:planDeletion', 200],
  ['DeleteTags', 'POST /v1/repositories/{repository=**}/tags:delete', 200],
  ['ListManifests', 'GET /v1/repositories/{repository=**}/manifests', 200],
  ['GetManifest', 'GET /v1/repositories/{repository=**}/manifests/{reference}:content', 200],
  ['InspectManifest', 'GET /v1/repositories/{repository=**}/manifests/{reference}:inspect', 200],
  ['ReadBlob', 'GET /v1/repositories/{repository=**}/blobs/{digest}:content', 200],
  ['DeleteManifest', 'DELETE /v1/repositories/{repository=**}/manifests/{digest}', 204],
  ['GarbageCollect', 'POST /v1/gc', 202],
  ['GetGCStatus', 'GET /v1/gc/status', 200],
  ['ListGCRuns', 'GET /v1/gc/runs', 200],
];

test.each(routes)('%s is %s, with %d', (name, request, ...statuses) => {
  const [, found] = Object.entries(adminApi.methods).find(([method]) => method.endsWith(`.${name}`))!;
  const { verb, path, status, otherStatus } = found.http;
  expect([`${verb} ${path}`, status, otherStatus].filter((it) => it !== undefined)).toEqual([request, ...statuses]);
});

test('every method is in the table', () => {
  const names = Object.keys(adminApi.methods).map((name) => name.split('.').at(-1)!);
  expect(routes.map(([name]) => name).toSorted()).toEqual(names.toSorted());
});
