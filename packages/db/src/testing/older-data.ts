import { digestOf } from '@mcr/core';
import { expect } from 'vitest';
import type { MetadataStore } from '../metadata-store.ts';
import { ada, app, change, day, latest, start } from './fixtures.ts';

/** A row as a database takes it: lists are JSON. */
type Row = Readonly<Record<string, string | number | boolean | null | Buffer>>;

const layer = digestOf('layer');
const content = Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [{ digest: layer, size: 5 }] }));
const base = digestOf('base');
const layers = [{ digest: base, size: 7 }];
const signed = Buffer.from(JSON.stringify({ schemaVersion: 2, layers, subject: { digest: digestOf(content) } }));
const copied = Buffer.from(JSON.stringify({ schemaVersion: 2, layers }));
const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g';
const times = { created_at: start, updated_at: start };
const manifest = { repository_id: 1, media_type: 'application/vnd.oci.image.manifest.v1+json', created_at: start };
const rule = { priority: 7, description: 'no deletions', effect: 'deny', account_types: '[]', subject: null };
const run = { blobs_removed: 3, bytes_freed: 9, uploads_removed: 1, examined: 4, orphans_removed: 0, missing_files: 0 };

/** Rows as registries of every version wrote them, in an order in which their references are met. */
export const olderRows: readonly (readonly [table: string, row: Row])[] = [
  [
    'accounts',
    { id: ada.id, username: 'ada', type: 'human', roles: '["admin"]', password_hash: hash, enabled: true, ...times },
  ],
  [
    'accounts',
    { id: 'id of ci', username: 'ci', type: 'system', roles: '[]', password_hash: hash, enabled: false, ...times },
  ],
  ['revoked_tokens', { token_id: 'logged out', expires_at: start + day }],
  [
    'policy_rules',
    {
      id: 4,
      ...rule,
      roles: '["dev"]',
      actions: '["registry:delete"]',
      repositories: '["team/*"]',
      enabled: true,
      created_by: ada.id,
      ...times,
    },
  ],
  ['repositories', { id: 1, name: app, created_at: start, last_push_at: start }],
  ['repositories', { id: 2, name: 'team/copy', created_at: start, last_push_at: start }],
  ['blobs', { id: 1, digest: layer, size: 5, locator: 'sha256/la/layer', created_at: start }],
  ['blobs', { id: 2, digest: base, size: 7, locator: 'sha256/ba/base', created_at: start }],
  ['blob_links', { repository_id: 1, blob_id: 1, leased_until: start }],
  ['blob_links', { repository_id: 1, blob_id: 2, leased_until: start }],
  ['blob_links', { repository_id: 2, blob_id: 2, leased_until: start }],
  ['manifests', { id: 1, ...manifest, digest: digestOf(content), size: content.length, content }],
  [
    'manifests',
    {
      id: 2,
      ...manifest,
      digest: digestOf(signed),
      size: signed.length,
      content: signed,
      subject_digest: digestOf(content),
      artifact_type: 'signature',
    },
  ],
  [
    'manifests',
    { id: 3, ...manifest, repository_id: 2, digest: digestOf(copied), size: copied.length, content: copied },
  ],
  ['manifest_blobs', { repository_id: 1, blob_id: 1, manifest_id: 1 }],
  ['manifest_blobs', { repository_id: 1, blob_id: 2, manifest_id: 2 }],
  ['manifest_blobs', { repository_id: 2, blob_id: 2, manifest_id: 3 }],
  ['tags', { repository_id: 1, name: latest, manifest_id: 1, updated_at: start }],
  ['uploads', { uuid: 'open', repository_id: 1, created_by: ada.id, byte_offset: 0, version: 2, touched_at: start }],
  [
    'gc_runs',
    {
      sequence: 1,
      id: 'run',
      reconcile: false,
      trigger: 'api',
      state: 'completed',
      started_at: start,
      completed_at: start + 1,
      ...run,
    },
  ],
  [
    'audit_log',
    {
      id: 1,
      at: start,
      event_type: 'manifest_pushed',
      actor_id: ada.id,
      actor_name: 'ada',
      repository: app,
      digest: digestOf(content),
      ip: ada.ip,
      details: '{"tag":"latest"}',
    },
  ],
];

/** Expects that a store still knows all of it, with figures that are right, and that what is newer works beside it. */
export async function expectOlderData(store: MetadataStore): Promise<void> {
  expect(await store.accounts.list({ limit: 9 })).toMatchObject([
    {
      id: ada.id,
      username: 'ada',
      type: 'human',
      roles: ['admin'],
      passwordHash: hash,
      enabled: true,
      createdAt: start,
    },
    { username: 'ci', type: 'system', enabled: false },
  ]);
  expect(await store.accounts.isTokenRevoked('logged out')).toBe(true);
  const [policy] = await store.policy.listRules();
  expect(policy).toMatchObject({
    id: 4,
    effect: 'deny',
    roles: ['dev'],
    actions: ['registry:delete'],
    repositories: ['team/*'],
  });
  expect(policy).toMatchObject({ exceptRoles: [], exceptSubjects: [], enabled: true, createdBy: ada.id });
  expect(policy).toMatchObject({ delegated: false });
  expect(await store.delegations.list({ limit: 9 })).toEqual([]);
  expect(await store.space.stored()).toMatchObject({ own: 5, shared: 7, waiting: 0 });
  expect(await store.space.samples({ sinceDay: 0 })).toEqual([]);
  expect(await store.manifests.get(app, { kind: 'tag', tag: latest })).toMatchObject({
    digest: digestOf(content),
    content,
  });
  expect(await store.tags.listDetails(app, { order: 'newest_version', limit: 9 })).toMatchObject([
    { name: latest, imageTags: 1, newestTag: latest },
  ]);
  expect(await store.repositories.listLayers(app, { limit: 9 })).toEqual([
    { digest: base, size: 7, images: 1, repositories: 2 },
    { digest: layer, size: 5, images: 1, repositories: 1 },
  ]);
  expect(await store.manifests.listReferrers(app, digestOf(content), { limit: 9 })).toMatchObject([
    { digest: digestOf(signed) },
  ]);
  expect(await store.blobs.find(app, layer, start)).toMatchObject({ size: 5, locator: 'sha256/la/layer' });
  expect(await store.uploads.get('open')).toMatchObject({ offset: 0, createdBy: ada.id });
  expect(await store.gc.listRuns({ limit: 9 })).toMatchObject([{ id: 'run', state: 'completed', bytesFreed: 9 }]);
  expect(await store.audit.list({ limit: 9 })).toMatchObject([{ type: 'manifest_pushed', details: { tag: 'latest' } }]);
  expect(await store.repositories.getSummary(app)).toMatchObject({ tagCount: 1, manifestCount: 2 });
  await expectFigures(store);
  await expectNewer(store);
}

/** What is kept is what counting gives. */
async function expectFigures({ inspection }: MetadataStore): Promise<void> {
  const [references, repositories, totals] = await Promise.all([
    inspection.compareReferenceCounts({ limit: 9 }),
    inspection.compareRepositories({ limit: 9 }),
    inspection.compareTotals(),
  ]);
  expect(references).toHaveLength(2);
  expect(repositories).toHaveLength(2);
  for (const { kept, counted } of [...references, ...totals]) expect(kept).toBe(counted);
  for (const { kept, counted } of repositories) expect(kept).toEqual(counted);
  expect(await inspection.listDangling(9)).toEqual([]);
  expect(await inspection.checkIntegrity()).toEqual([]);
}

/** Searches, access tokens and people at providers, about rows that were there before. */
async function expectNewer(store: MetadataStore): Promise<void> {
  expect(await store.tags.findByPrefix({ prefix: 'lat', limit: 9 })).toMatchObject([{ repository: app, name: latest }]);
  const found = await store.manifests.findByPrefix({
    prefix: digestOf(content).slice(0, 'sha256:'.length + 8),
    limit: 9,
  });
  expect(found).toMatchObject([{ repository: app, digest: digestOf(content) }]);
  const limits = {
    actions: ['registry:pull'],
    repositories: ['team/**'],
    scope: 'none',
    expiresAt: start + day,
  } as const;
  const token = { id: 'token', accountId: ada.id, accountName: 'ada', name: 'laptop', secretHash: 'hash', ...limits };
  await store.tokens.create({ ...change, token, limit: 0 });
  expect(await store.tokens.findBySecret('hash')).toMatchObject({ token: { accountId: ada.id, name: 'laptop' } });
  const signIn = (username: string) => {
    const attempt = { id: `attempt of ${username}`, expiresAt: start + day };
    return store.identities.signIn({
      id: 'person',
      provider: 'corp',
      subject: 'sub',
      username,
      roles: [],
      attempt,
      now: start,
    });
  };
  await expect(signIn('ada')).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await signIn('grace')).toMatchObject({ username: 'grace', blocked: false });
  expect(await store.accounts.delete({ ...change, id: 'id of ci' })).toBe(true);
}
