import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { createTestCa } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Registry, type Responses, startRegistry } from './_util/registry.ts';
import { type Visitor, visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

/** Closes attributes, text and scripts, and would be run by htmx. */
const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1) hx-get=/x hx-trigger=load><a href="javascript:alert(1)">`;
const at = timestampFromMs(0);

const repository = { name: hostile, tagCount: 1, manifestCount: 1, totalSize: 1n, lastPushAt: at };
const details = { artifactType: hostile, totalSize: 1n, platforms: [hostile] };
const tag = { name: hostile, digest: hostile, mediaType: hostile, size: 1n, updatedAt: at, details };
const manifest = {
  digest: hostile,
  mediaType: hostile,
  artifactType: hostile,
  subject: hostile,
  createdAt: at,
  size: 1n,
};
const rule = {
  id: 1n,
  priority: 1,
  description: hostile,
  effect: hostile,
  roles: [hostile],
  accountTypes: [hostile],
  subject: hostile,
  actions: [hostile],
  repositories: [hostile],
  enabled: true,
};
const run = { id: hostile, trigger: hostile, state: 'failed', error: hostile, startedAt: at, completedAt: at };
const account = {
  id: hostile,
  username: hostile,
  accountType: hostile,
  roles: [hostile],
  enabled: true,
  createdAt: at,
};
const event = {
  eventType: hostile,
  at,
  actor: { id: hostile, name: hostile, ip: hostile },
  repository: hostile,
  digest: hostile,
  details: { [hostile]: hostile },
};
const content = Buffer.from(
  JSON.stringify({
    [hostile]: hostile,
    layers: [{ digest: hostile, mediaType: hostile, size: hostile, annotations: { [hostile]: hostile } }],
    manifests: [{ digest: hostile, platform: { os: hostile }, mediaType: hostile, size: 1 }],
    annotations: { [hostile]: hostile },
  }),
);
const config = Buffer.from(
  JSON.stringify({
    os: hostile,
    created: hostile,
    config: { Entrypoint: hostile, Cmd: [hostile], Env: [{}, hostile], Labels: { [hostile]: hostile } },
    history: [{ created_by: hostile }, { comment: hostile, empty_layer: true }, hostile],
  }),
);
const plan = { id: hostile, tags: [{ name: hostile, digest: hostile, otherTags: [hostile] }], manifests: [manifest] };

const responses: Responses = {
  registry: {
    listRepositories: () => ({ repositories: [repository], nextPageToken: hostile }),
    getRepository: () => ({ repository }),
    getRepositoryUsage: () => ({}),
    listTags: () => ({ tags: [tag], nextPageToken: hostile }),
    listManifests: () => ({ manifests: [manifest], nextPageToken: hostile }),
    inspectManifest: () => ({
      manifest,
      content,
      config,
      tags: [hostile],
      parents: [hostile],
      children: [{ manifest, totalSize: 1n }],
      referrers: [{ manifest, annotations: { [hostile]: hostile } }],
      blobs: [{ digest: hostile, size: 1n, repositories: 1 }],
    }),
    planTagDeletion: () => ({ plan }),
    getGCStatus: () => ({ lastRun: run }),
    listGCRuns: () => ({ runs: [run] }),
  },
  policy: {
    listPolicyRules: () => ({ rules: [rule], builtinRules: [{ ...rule, id: -1n }], nextPageToken: hostile }),
    getPolicyRule: () => ({ rule }),
    explainPolicy: () => ({
      effect: hostile,
      rule,
      matches: [rule],
      principal: { username: hostile, accountType: hostile, roles: [hostile] },
    }),
  },
  audit: { listAuditEvents: () => ({ events: [event], nextPageToken: '' }) },
  admin: {
    listAccounts: () => ({ accounts: [account], nextPageToken: hostile }),
    listSnapshots: () => ({ snapshots: [{ name: hostile, size: 1n, createdAt: at }] }),
  },
};

let registry: Registry;
let web: Web;
let admin: Visitor;

beforeAll(async () => {
  const ca = await createTestCa();
  registry = await startRegistry(await ca.issue(), () => ({ version: hostile }), 0, responses);
  web = await startWeb({ ca, grpcPort: registry.port });
  admin = visit(web);
  await admin.signIn('admin');
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

const query = encodeURIComponent(hostile);

test.each([
  '/',
  `/repositories?q=${query}&sort=${query}`,
  `/repositories/team/app?q=${query}`,
  '/repositories/team/app?view=manifests',
  '/repositories/team/app?view=layers',
  '/repositories/team/app:latest',
  `/compare/team/app?a=${query}&b=${query}`,
  '/compare/team/app?a=1&b=2',
  `/delete-tags/team/app?tag=${query}`,
  '/delete-repository/team/app',
  `/policies?who=${query}&roles=${query}&repository=${query}&action=registry%3Apull`,
  '/policies/1',
  '/policies/1/delete',
  `/audit?type=${query}&actor=${query}&repository=${query}&from=${query}`,
  '/storage',
  `/accounts?reset=${query}`,
  `/me?repository=${query}`,
  `/nope/${query.replaceAll('%2F', '')}`,
])('CVE-2025-32019: on %s whatever the registry or the URL says is text', async (path) => {
  const { body } = await admin.get(path);
  expect(body).not.toContain('<script>');
  expect(body).not.toContain('<img');
  expect(body).not.toMatch(/href="javascript:/);
  const own = body.match(/<script src="\/static\/(?:htmx\.min|app|live)\.[0-9a-f]{12}\.js" defer><\/script>/g);
  expect(body.match(/<script /g)).toHaveLength(own?.length ?? 0);
});

test('the export contains no formulas', async () => {
  const { headers, body } = await admin.get('/audit.csv');
  expect(headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(body.split('\r\n')).toHaveLength(3);
});
