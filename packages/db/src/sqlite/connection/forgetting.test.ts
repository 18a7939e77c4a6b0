import { digestOf, parseReference, type RepositoryName } from '@mcr/core';
import { expect, test } from 'vitest';
import type { MetadataStore } from '../../metadata-store.ts';
import { app, change, day, hour, latest, manifest, other, publish, push, rule, start } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();
const layer = digestOf('layer');
const inApp = { ...change, repository: app, reviewAfter: start + day };
const fresh = 'fresh' as RepositoryName;

/** Writes to what remembered reads look at. */
const remembered: Record<string, (store: MetadataStore) => Promise<unknown>> = {
  pushManifest: (store) => store.manifests.push(manifest(app, 'two', { blobs: [layer], tags: [latest] })),
  deleteManifest: (store) => store.manifests.delete({ ...inApp, digest: digestOf('one') }),
  deleteTag: (store) => store.tags.delete({ ...inApp, tag: latest }),
  deleteRepository: (store) => store.repositories.delete(inApp),
  createPolicyRule: (store) => store.policy.createRule({ ...change, rule: rule() }),
  revokeToken: (store) => store.accounts.revokeToken({ tokenId: 'token', expiresAt: start + day, now: start }),
};

/** Writes to nothing of the kind, all the time. */
const unremembered: Record<string, (store: MetadataStore) => Promise<unknown>> = {
  createUpload: (store) => store.uploads.create({ id: 'u2', repository: fresh, createdBy: 'ada', now: start }),
  advanceUpload: (store) => store.uploads.advance({ id: 'u1', version: 0, offset: 7, now: start }),
  deleteUpload: (store) => store.uploads.delete({ id: 'u1' }),
  touchUpload: (store) => store.uploads.touch({ id: 'u1', now: start }),
  cutBackUpload: (store) => store.uploads.cutBack({ id: 'u1', version: 0, offset: 0, now: start }),
  reapUploads: (store) => store.uploads.reap({ touchedBefore: start + 1, limit: 10, now: start }),
  sweepLocator: (store) => store.gc.sweep({ locator: 'swept', size: 1, kind: 'orphan', now: start }),
  publishBlob: (store) => publish(store, other, 'new', { upload: { id: 'u1', version: 0 } }),
  claimBlob: (store) =>
    store.blobs.claim({ repository: app, digest: layer, leasedUntil: start + 9 * day, now: start + hour }),
  reviewGarbage: (store) => store.gc.review({ now: start + 9 * day, limit: 10 }),
  dropTrash: (store) => store.gc.dropTrash('locator'),
  failTrash: (store) => store.gc.failTrash('locator'),
  updateGcRun: (store) => store.gc.updateRun('run 1', { blobsRemoved: 1 }),
  finishGcRun: (store) => store.gc.finishRun({ ...change, id: 'run 1', state: 'completed' }),
  acquireLease: (store) => store.coordination.acquireLease({ name: 'gc', owner: 'me', duration: hour }),
  countLoginFailure: (store) => store.logins.count({ key: 'x', before: 0, after: 1, others: [], now: start }),
  forgetLoginFailures: (store) => store.logins.forget('x'),
  appendAuditEvents: (store) => store.audit.append([{ type: 'login', at: start, actor: {}, details: {} }]),
};

const writesRemembered =
  /^(insert into|update|delete from) "(manifests|tags|versions)"|^update "repositories" set "name"/;

/** What an operation wrote that is remembered, and what the reads after it asked the database. */
async function observe(run: (store: MetadataStore) => Promise<unknown>) {
  const statements: string[] = [];
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path, onStatement: (statement) => statements.push(statement) });
  const read = async () => {
    await store.manifests.get(app, parseReference(latest)).catch(() => {});
    await store.manifests.stat(app, parseReference(latest)).catch(() => {});
    await store.manifests.stamp(app, parseReference(latest)).catch(() => {});
    await store.coordination.versions();
  };
  await publish(store, app, 'layer');
  await publish(store, app, 'unused');
  await push(store, app, 'one', { blobs: [layer], tags: [latest] });
  await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
  await store.gc.startRun({ ...change, id: 'run 1', reconcile: false, trigger: 'api' });
  await read();
  statements.length = 0;
  await run(store);
  const written = statements.filter((statement) => writesRemembered.test(statement));
  statements.length = 0;
  await read();
  const asked = statements.filter((statement) => statement.startsWith('select'));
  await store.close();
  return { written, asked };
}

test.each(Object.entries(remembered))('%s makes reads ask again', async (_, run) => {
  const { written, asked } = await observe(run);
  expect(written).not.toEqual([]);
  expect(asked).not.toEqual([]);
});

test.each(Object.entries(unremembered))('%s leaves what is remembered as it is', async (_, run) => {
  expect(await observe(run)).toEqual({ written: [], asked: [] });
});
