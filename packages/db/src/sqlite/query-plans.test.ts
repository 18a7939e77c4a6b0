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
const inApp = { ...change, repository: app, reviewAfter: start + day };

/** What may only ever touch the rows that it is about, however many there are. */
const operations: Record<string, (store: MetadataStore) => Promise<unknown>> = {
  findBlob: (store) => store.findBlob(app, digest, start),
  findQuarantinedBlob: (store) => store.findQuarantinedBlob(app, digest, start),
  claimBlob: (store) => store.claimBlob({ repository: app, digest, leasedUntil: start + day, now: start }),
  publishBlob: (store) => publish(store, other, 'layer', { uploadId: 'u1' }),
  mountBlob: (store) => store.mountBlob({ ...inApp, from: app, repository: other, digest, leasedUntil: start + hour }),
  deleteBlob: (store) => store.deleteBlob({ ...inApp, digest }),
  isLocatorUsed: (store) => store.isLocatorUsed('x'),
  createUpload: (store) => {
    const quota = { uploads: 10, touchedSince: start };
    return store.createUpload({ id: 'u2', repository: app, createdBy: 'ada', quota, now: start });
  },
  uploadedBytes: (store) => store.uploadedBytes('ada'),
  getUpload: (store) => store.getUpload('u1'),
  advanceUpload: (store) => store.advanceUpload({ id: 'u1', version: 0, offset: 1, now: start }),
  deleteUpload: (store) => store.deleteUpload('u1'),
  listIdleUploads: (store) => store.listIdleUploads({ touchedBefore: start, limit: 10 }),
  'getManifest by tag': (store) => store.getManifest(app, byTag),
  'getManifest by digest': (store) => store.getManifest(app, { kind: 'digest', digest: subject }),
  'statManifest by tag': (store) => store.statManifest(app, byTag),
  'statManifest by digest': (store) => store.statManifest(app, { kind: 'digest', digest: subject }),
  pushManifest: (store) => push(store, app, 'new', { blobs: [digest], optionalBlobs: [digest], tags: [latest] }),
  deleteManifest: (store) => store.deleteManifest({ ...inApp, digest: subject }),
  deleteTag: (store) => store.deleteTag({ ...inApp, tag: latest }),
  listTags: (store) => store.listTags(app, page),
  listTagRecords: (store) => store.listTagRecords(app, page),
  'listTagRecords by version': (store) => store.listTagRecords(app, { ...page, order: 'version', after: '1.9' }),
  listManifests: (store) => store.listManifests(app, page),
  listReferrers: (store) => store.listReferrers(app, subject, page),
  listUnsummarized: (store) => store.listUnsummarized({ limit: 10, maxBytes: 1_000 }),
  keepSummaries: (store) => store.keepSummaries([{ id: 1, digest: subject, summary: { annotations: {} } }]),
  listRepositories: (store) => store.listRepositories(page),
  listRepositorySummaries: (store) => store.listRepositorySummaries(page),
  'listRepositorySummaries by size': (store) => store.listRepositorySummaries({ ...page, order: 'size', after: '9 z' }),
  'listRepositorySummaries by last push': (store) => store.listRepositorySummaries({ ...page, order: 'last_push' }),
  repositoryUsage: (store) => store.repositoryUsage(app),
  'listTagDetails by name': (store) => store.listTagDetails(app, page),
  'listTagDetails by time': (store) => store.listTagDetails(app, { ...page, order: 'updated', after: '9 z' }),
  'listTagDetails by version': (store) => store.listTagDetails(app, { ...page, order: 'version', after: '1.9' }),
  inspectManifest: (store) => store.inspectManifest(app, byTag),
  activity: (store) => store.activity({ sinceDay: 1 }),
  getRepositorySummary: (store) => store.getRepositorySummary(app),
  deleteRepository: (store) => store.deleteRepository(inApp),
  removeDeleted: (store) => store.removeDeleted({ reviewAfter: start, limit: 1 }),
  'planTagDeletion and deleteTags': async (store) => {
    const deletion = { repository: app, tags: [latest], withManifests: true };
    const { id } = await store.planTagDeletion(deletion);
    await store.deleteTags({ ...inApp, ...deletion, plan: id });
  },
  listPolicyRules: (store) => store.listPolicyRules({ after: { priority: 1, id: 1 }, limit: 10 }),
  'listAuditEvents by type': (store) => store.listAuditEvents({ type: 'login', limit: 10 }),
  'listAuditEvents by actor': (store) => store.listAuditEvents({ actorId: 'ada', limit: 10 }),
  'listAuditEvents by repository': (store) => store.listAuditEvents({ repository: app, limit: 10 }),
  'listAuditEvents by time': (store) => store.listAuditEvents({ since: start, until: start + 1, limit: 10 }),
  'listAuditEvents by page': (store) => store.listAuditEvents({ before: 7, limit: 10 }),
  listExpiredAuditEvents: (store) => store.listExpiredAuditEvents({ before: start, limit: 10 }),
  deleteAuditEvents: (store) => store.deleteAuditEvents({ ...change, ids: [1], file: 'x' }),
  findActorId: (store) => store.findActorId('ada'),
  findAccountByName: (store) => store.findAccountByName('grace'),
  findAccountById: (store) => store.findAccountById('grace'),
  listAccounts: (store) => store.listAccounts(page),
  updateAccount: (store) => store.updateAccount({ ...change, id: 'ada', patch: { enabled: false } }),
  deleteAccount: (store) => store.deleteAccount({ ...change, id: 'ada' }),
  isTokenRevoked: (store) => store.isTokenRevoked('x'),
  revokeToken: (store) => store.revokeToken({ tokenId: 'x', expiresAt: 1, now: 0 }),
  reviewGarbage: (store) => store.reviewGarbage({ now: start + 3 * day, limit: 10 }),
  pendingGarbage: (store) => store.pendingGarbage(),
  auditBlobs: (store) => store.auditBlobs({ page, reviewAfter: start, now: start }),
  quarantineBlob: (store) => store.quarantineBlob({ ...change, digest, locator: 'x', damage: 'size' }),
  releaseBlob: (store) => store.releaseBlob({ ...change, digest, locator: 'x' }),
  quarantineManifest: (store) => store.quarantineManifest({ ...inApp, digest: subject }),
  releaseManifest: (store) => store.releaseManifest({ ...inApp, digest: subject }),
  inspectBlobs: (store) => store.inspectBlobs(page),
  inspectLocator: (store) => store.inspectLocator('x'),
  inspectReferences: (store) => store.inspectReferences(digest, 10),
  inspectManifests: (store) => store.inspectManifests({ after: 0, limit: 10 }),
  wasBlobDeleted: async (store) => {
    await store.deleteBlob({ ...change, repository: app, digest, reviewAfter: start });
    await store.wasBlobDeleted({ repository: app, digest, manifest: digest });
  },
  restoreBlob: (store) =>
    store.restoreBlob({ ...change, digest: digestOf('lost'), size: 4, locator: 'lost', reviewAfter: start }),
  inspectRepositories: (store) => store.inspectRepositories(page),
  inspectUploads: (store) => store.inspectUploads(page),
  trashLocator: (store) => store.trashLocator({ locator: 'x', size: 1 }),
  reviewForgotten: (store) => store.reviewForgotten({ locator: 'x', reviewAfter: start }),
  recountRepository: (store) => store.recountRepository(app),
  listTrash: (store) => store.listTrash(page),
  dropTrash: (store) => store.dropTrash('x'),
  listGcRuns: (store) => store.listGcRuns({ before: 'run', limit: 10 }),
};

async function fill(store: MetadataStore): Promise<void> {
  await publish(store, app, 'layer', { leasedUntil: start + 1 });
  await publish(store, app, 'garbage', { leasedUntil: start + 1 });
  await push(store, app, 'image', { blobs: [digest], tags: [latest] });
  await store.createUpload({ id: 'u1', repository: app, createdBy: 'ada', now: start });
  await store.createPolicyRule({ ...change, rule: rule() });
  for (const id of ['ada', 'grace']) {
    const account = { id, username: id, type: 'human', roles: ['admin'], passwordHash: 'none' } as const;
    await store.createAccount({ ...change, account });
  }
  await store.startGcRun({ ...change, id: 'run', reconcile: false, trigger: 'api' });
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
const isUnbounded = /^SCAN (?!CONSTANT|\(subquery|d VIRTUAL TABLE|entries|edges?|found|audit_blocks)|USE TEMP B-TREE/;

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
