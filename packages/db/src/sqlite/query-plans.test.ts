import { digestOf } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { MetadataStore } from '../metadata-store.ts';
import { app, change, day, hour, latest, other, publish, push, rule, start } from '../testing/fixtures.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { SqliteMetadataStore } from './sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();
const digest = digestOf('layer');
const subject = digestOf('image');
const page = { limit: 10 };
const byTag = { kind: 'tag', tag: latest } as const;
const ofToken = {
  accountId: 'ada',
  accountName: 'ada',
  actions: [],
  repositories: [],
  scope: 'none',
  expiresAt: start,
} as const;
const inApp = { ...change, repository: app, reviewAfter: start + day };

/** What may only ever touch the rows that it is about, however many there are. */
const delegation = { id: 'one', accountId: 'ann', accountName: 'ann', pattern: 'team/**' };
const person = { id: 'ann', provider: 'corp', subject: '1', username: 'ann', roles: [], now: start };
const operations: Record<string, (store: MetadataStore) => Promise<unknown>> = {
  findBlob: (store) => store.blobs.find(app, digest, start),
  findBlobByDigest: (store) => store.blobs.findByDigest(digest),
  findQuarantinedBlob: (store) => store.blobs.findQuarantined(app, digest, start),
  claimBlob: (store) => store.blobs.claim({ repository: app, digest, leasedUntil: start + day, now: start }),
  publishBlob: (store) => publish(store, other, 'layer', { upload: { id: 'u1', version: 0 } }),
  mountBlob: (store) =>
    store.blobs.mount({ ...inApp, from: app, repository: other, digest, leasedUntil: start + hour }),
  deleteBlob: (store) => store.blobs.delete({ ...inApp, digest }),
  isLocatorUsed: (store) => store.blobs.isLocatorUsed('x'),
  createUpload: (store) => {
    const quota = { uploads: 10, touchedSince: start };
    return store.uploads.create({ id: 'u2', repository: app, createdBy: 'ada', quota, now: start });
  },
  uploadedBytes: (store) => store.uploads.recordedBytes('ada'),
  getUpload: (store) => store.uploads.get('u1'),
  uploadPieces: (store) => store.uploads.pieces({ id: 'u1', version: 0 }),
  advanceUpload: (store) => {
    const piece = { locator: 'uploads/1', size: 1 };
    return store.uploads.advance({ id: 'u1', version: 0, offset: 1, piece, now: start });
  },
  cutBackUpload: (store) => store.uploads.cutBack({ id: 'u1', version: 0, offset: 0, now: start }),
  touchUpload: (store) => store.uploads.touch({ id: 'u1', now: start }),
  deleteUpload: (store) => store.uploads.delete({ id: 'u1' }),
  reapUploads: (store) => store.uploads.reap({ touchedBefore: start + 1, limit: 10, now: start }),
  sweepLocator: (store) => store.gc.sweep({ locator: 'x', size: 1, kind: 'orphan', now: start }),
  'getManifest by tag': (store) => store.manifests.get(app, byTag),
  'getManifest by digest': (store) => store.manifests.get(app, { kind: 'digest', digest: subject }),
  'statManifest by tag': (store) => store.manifests.stat(app, byTag),
  'statManifest by digest': (store) => store.manifests.stat(app, { kind: 'digest', digest: subject }),
  'stampPull by tag': (store) => store.manifests.stamp(app, byTag),
  'stampPull by digest': (store) => store.manifests.stamp(app, { kind: 'digest', digest: subject }),
  pushManifest: (store) => push(store, app, 'new', { blobs: [digest], optionalBlobs: [digest], tags: [latest] }),
  deleteManifest: (store) => store.manifests.delete({ ...inApp, digest: subject }),
  createToken: (store) => {
    const token = { ...ofToken, id: 'new', name: 'new', secretHash: 'new' };
    return store.tokens.create({ ...change, token, limit: 1_000 });
  },
  findTokenById: (store) => store.tokens.findById('token'),
  findTokenBySecret: (store) => store.tokens.findBySecret('no such hash'),
  listTokens: (store) => store.tokens.list(page),
  'listTokens of an account': (store) => store.tokens.list({ ...page, accountId: 'ada' }),
  rotateToken: (store) =>
    store.tokens.rotate({ ...change, id: 'token', secretHash: 'next', previousUntil: start, expiresAt: start }),
  noteTokenUses: (store) => store.tokens.noteUses([{ id: 'token', at: start, ip: '192.0.2.1' }]),
  revokeAccessToken: (store) => store.tokens.revoke({ ...change, id: 'token' }),
  deleteTag: (store) => store.tags.delete({ ...inApp, tag: latest }),
  findTagsByPrefix: (store) => store.tags.findByPrefix({ prefix: 'v', limit: 10 }),
  findManifestsByPrefix: (store) => store.manifests.findByPrefix({ prefix: 'sha256:abcdef', limit: 10 }),
  listTags: (store) => store.tags.list(app, page),
  listTagRecords: (store) => store.tags.listRecords(app, page),
  'listTagRecords by version': (store) => store.tags.listRecords(app, { ...page, order: 'version', after: '1.9' }),
  listManifests: (store) => store.manifests.list(app, page),
  listReferrers: (store) => store.manifests.listReferrers(app, subject, page),
  listUnsummarized: (store) => store.manifests.listUnsummarized({ limit: 10, maxBytes: 1_000 }),
  keepSummaries: (store) => store.manifests.keepSummaries([{ id: 1, digest: subject, summary: { annotations: {} } }]),
  listRepositories: (store) => store.repositories.list(page),
  listRepositorySummaries: (store) => store.repositories.listSummaries(page),
  'listRepositorySummaries by size': (store) =>
    store.repositories.listSummaries({ ...page, order: 'size', after: '9 z' }),
  'listRepositorySummaries by last push': (store) => store.repositories.listSummaries({ ...page, order: 'last_push' }),
  listLayers: (store) => store.repositories.listLayers(app, page),
  'listLayers, from the middle': (store) => store.repositories.listLayers(app, { ...page, after: `9 ${digest}` }),
  repositoryUsage: (store) => store.repositories.usage(app),
  'listTagDetails by name': (store) => store.tags.listDetails(app, page),
  'listTagDetails by time': (store) => store.tags.listDetails(app, { ...page, order: 'updated', after: '9 z' }),
  'listTagDetails by version': (store) => store.tags.listDetails(app, { ...page, order: 'version', after: '1.9' }),
  'listTagDetails by newest version': (store) =>
    store.tags.listDetails(app, { ...page, order: 'newest_version', after: 'latest latest', tagsPerImage: 5 }),
  'listTagDetails with filters': (store) =>
    store.tags.listDetails(app, {
      ...page,
      match: 'l*',
      updatedBefore: start + 1,
      platform: 'linux/amd64',
      signed: false,
    }),
  ...Object.fromEntries(
    (['version', 'updated', 'newest_version'] as const).map((order) => [
      `listTagDetails with filters by ${order}`,
      (store: MetadataStore) =>
        store.tags.listDetails(app, { ...page, order, search: 'l', platform: 'x', signed: true }),
    ]),
  ),
  countTags: (store) => store.tags.count(app, { limit: 10, match: 'l*', platform: 'linux/amd64', signed: false }),
  notePulls: (store) =>
    store.manifests.notePulls([{ repository: app, digest: digestOf('image'), tag: latest, at: start, by: 'ada' }]),
  inspectManifest: (store) => store.manifests.inspect(app, byTag),
  activity: (store) => store.audit.activity({ sinceDay: 1 }),
  getRepositorySummary: (store) => store.repositories.getSummary(app),
  deleteRepository: (store) => store.repositories.delete(inApp),
  removeDeleted: (store) => store.repositories.removeDeleted({ reviewAfter: start, limit: 1 }),
  'planTagDeletion and deleteTags': async (store) => {
    const deletion = { repository: app, tags: [latest], withManifests: true };
    const { id } = await store.tags.planDeletion(deletion);
    await store.tags.deleteMany({ ...inApp, ...deletion, plan: id });
  },
  listPolicyRules: (store) => store.policy.listRules({ after: { priority: 1, id: 1 }, limit: 10 }),
  'listAuditEvents by type': (store) => store.audit.list({ type: 'login', limit: 10 }),
  'listAuditEvents by actor': (store) => store.audit.list({ actorId: 'ada', limit: 10 }),
  'listAuditEvents by repository': (store) => store.audit.list({ repository: app, limit: 10 }),
  'listAuditEvents by repositories': (store) => store.audit.list({ repositories: [app, other], limit: 10 }),
  'listAuditEvents by tag': (store) => store.audit.list({ repository: app, tag: latest, limit: 10 }),
  'listAuditEvents by digest': (store) => store.audit.list({ digest, actorId: 'ada', since: start, limit: 10 }),
  listAuditedRepositories: (store) => store.audit.repositories({ prefix: 'team/', limit: 10 }),
  'listAuditEvents by time': (store) => store.audit.list({ since: start, until: start + 1, limit: 10 }),
  'listAuditEvents by page': (store) => store.audit.list({ before: 7, limit: 10 }),
  listExpiredAuditEvents: (store) => store.audit.listExpired({ before: start, limit: 10 }),
  deleteAuditEvents: (store) => store.audit.delete({ ...change, ids: [1], file: 'x' }),
  findActorId: (store) => store.audit.findActorId('ada'),
  findAccountByName: (store) => store.accounts.findByName('grace'),
  findAccountById: (store) => store.accounts.findById('grace'),
  listAccounts: (store) => store.accounts.list(page),
  updateAccount: (store) => store.accounts.update({ ...change, id: 'ada', patch: { enabled: false } }),
  deleteAccount: (store) => store.accounts.delete({ ...change, id: 'ada' }),
  signIn: (store) => store.identities.signIn({ ...person, attempt: { id: 'another', expiresAt: start } }),
  findIdentityById: (store) => store.identities.findById('ann'),
  findIdentityByName: (store) => store.identities.findByName('ann'),
  listIdentities: (store) => store.identities.list(page),
  setIdentityBlocked: (store) => store.identities.setBlocked({ ...change, id: 'ann', blocked: true }),
  deleteIdentity: (store) => store.identities.delete({ ...change, id: 'ann' }),
  grantDelegation: (store) =>
    store.delegations.grant({ ...change, delegation: { ...delegation, id: 'new', pattern: 'a/*' }, limit: 9 }),
  listDelegationsOf: (store) => store.delegations.listOf('ann'),
  listDelegations: (store) => store.delegations.list({ ...page, after: { accountName: 'a', pattern: 'b', id: 'c' } }),
  revokeDelegation: (store) => store.delegations.revoke({ ...change, id: 'one' }),
  isTokenRevoked: (store) => store.accounts.isTokenRevoked('x'),
  revokeToken: (store) => store.accounts.revokeToken({ tokenId: 'x', expiresAt: 1, now: 0 }),
  reviewGarbage: (store) => store.gc.review({ now: start + 3 * day, limit: 10 }),
  pendingGarbage: (store) => store.gc.pending(),
  auditBlobs: (store) => store.gc.auditBlobs({ page, reviewAfter: start, now: start }),
  quarantineBlob: (store) => store.blobs.quarantine({ ...change, digest, locator: 'x', damage: 'size' }),
  releaseBlob: (store) => store.blobs.release({ ...change, digest, locator: 'x' }),
  quarantineManifest: (store) => store.manifests.quarantine({ ...inApp, digest: subject }),
  releaseManifest: (store) => store.manifests.release({ ...inApp, digest: subject }),
  findLoginFailures: (store) => store.logins.find(['x', 'y']),
  countLoginFailure: (store) =>
    store.logins.count({ key: 'x', before: 0, after: 1, others: [{ key: 'y', leakMs: 1 }], now: start }),
  forgetLoginFailures: (store) => store.logins.forget('x'),
  inspectBlobs: (store) => store.inspection.listBlobs(page),
  inspectLocator: (store) => store.inspection.findLocator('x'),
  inspectReferences: (store) => store.inspection.listReferences(digest, 10),
  inspectManifests: (store) => store.inspection.listManifests({ after: 0, limit: 10 }),
  wasBlobDeleted: async (store) => {
    await store.blobs.delete({ ...change, repository: app, digest, reviewAfter: start });
    await store.inspection.wasBlobDeleted({ repository: app, digest, manifest: digest });
  },
  restoreBlob: (store) =>
    store.inspection.restoreBlob({ ...change, digest: digestOf('lost'), size: 4, locator: 'lost', reviewAfter: start }),
  inspectRepositories: (store) => store.inspection.compareRepositories(page),
  inspectUploads: (store) => store.inspection.listUploads(page),
  reviewForgotten: (store) => store.inspection.reviewForgotten({ locator: 'x', reviewAfter: start }),
  recountRepository: (store) => store.inspection.recountRepository(app),
  statistics: (store) => store.statistics(),
  countQuarantined: (store) => store.blobs.countQuarantined(),
  listTrash: (store) => store.gc.listTrash(page),
  storedBytes: (store) => store.space.stored(),
  largestRepositories: (store) => store.space.largest({ limit: 10 }),
  putStorageSample: (store) => store.space.putSample({ day: 1, storedBytes: 1, keepSince: 0 }),
  listStorageSamples: (store) => store.space.samples({ sinceDay: 1 }),
  dropTrash: (store) => store.gc.dropTrash('x'),
  listGcRuns: (store) => store.gc.listRuns({ before: 'run', limit: 10 }),
};

async function fill(store: MetadataStore): Promise<void> {
  await publish(store, app, 'layer', { leasedUntil: start + 1 });
  await publish(store, app, 'garbage', { leasedUntil: start + 1 });
  await push(store, app, 'image', { blobs: [digest], tags: [latest] });
  await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
  await store.policy.createRule({ ...change, rule: rule() });
  for (const id of ['ada', 'grace']) {
    const account = { id, username: id, type: 'human', roles: ['admin'], passwordHash: 'none' } as const;
    await store.accounts.create({ ...change, account });
  }
  await store.identities.signIn({ ...person, attempt: { id: 'attempt', expiresAt: start } });
  await store.delegations.grant({ ...change, delegation, limit: 9 });
  await store.gc.startRun({ ...change, id: 'run', reconcile: false, trigger: 'api' });
}

/** How SQLite runs each statement, as `EXPLAIN QUERY PLAN` puts it. */
function plansOf(path: string, statements: readonly string[]): string[] {
  const sqlite = new Sqlite(path);
  const explained = statements.filter((statement) => /^\s*(?:select|insert|update|delete)/i.test(statement));
  const plans = explained.flatMap((statement) => sqlite.prepare(`EXPLAIN QUERY PLAN ${statement}`).all());
  sqlite.close();
  return plans.map((step) => (step as { detail: string }).detail);
}

/** `d` is the list of a statement; entries, edges and what is found there are the first of a manifest; a block stands for 1,024 events. */
const isUnbounded =
  /^SCAN (?!CONSTANT|\(subquery|d (?:EXISTS )?VIRTUAL TABLE|entries|edges?|found|audit_blocks)|USE TEMP B-TREE/;

test.each(Object.entries(operations))('%s scans no table and sorts none', async (_, run) => {
  const path = directory.file('mcr.db');
  const statements: string[] = [];
  const store = await SqliteMetadataStore.open({ path, onStatement: (statement) => statements.push(statement) });
  await fill(store);
  statements.length = 0;
  await run(store);
  await store.close();
  const plans = plansOf(path, statements);
  expect(statements.length).toBeGreaterThan(0);
  expect(plans.filter((step) => isUnbounded.test(step))).toEqual([]);
});
