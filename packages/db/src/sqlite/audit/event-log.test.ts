import { digestOf } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { MetadataStore } from '../../metadata-store.ts';
import { app, change, day, hour, latest, manifest, other, publish, push, rule, start } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();
const digest = digestOf('layer');
const inApp = { ...change, repository: app, reviewAfter: start + day };
const account = { id: 'grace', username: 'grace', type: 'human', roles: [], passwordHash: 'x' } as const;

const changes: Record<string, (store: MetadataStore) => Promise<unknown>> = {
  publishBlob: (store) => publish(store, other, 'new', { upload: { id: 'u1', version: 0 } }),
  mountBlob: (store) =>
    store.blobs.mount({ ...inApp, from: app, repository: other, digest, leasedUntil: start + hour }),
  deleteBlob: (store) => store.blobs.delete({ ...inApp, digest }),
  pushManifest: (store) => store.manifests.push(manifest(app, 'two', { blobs: [digest], tags: [latest] })),
  deleteManifest: (store) => store.manifests.delete({ ...inApp, digest: digestOf('one') }),
  deleteTag: (store) => store.tags.delete({ ...inApp, tag: latest }),
  deleteRepository: (store) => store.repositories.delete(inApp),
  createPolicyRule: (store) => store.policy.createRule({ ...change, rule: rule() }),
  updatePolicyRule: (store) => store.policy.updateRule({ ...change, id: 1, patch: { enabled: false } }),
  deletePolicyRule: (store) => store.policy.deleteRule({ ...change, id: 1 }),
  createAccount: (store) => store.accounts.create({ ...change, account: { ...account, id: 'joan', username: 'joan' } }),
  updateAccount: (store) => store.accounts.update({ ...change, id: 'grace', patch: { enabled: false } }),
  deleteAccount: (store) => store.accounts.delete({ ...change, id: 'grace' }),
  startGcRun: (store) => store.gc.startRun({ ...change, id: 'run 2', reconcile: false, trigger: 'api' }),
  finishGcRun: (store) => store.gc.finishRun({ ...change, id: 'run 1', state: 'completed' }),
};

async function fill(store: MetadataStore): Promise<void> {
  await publish(store, app, 'layer');
  await push(store, app, 'one', { blobs: [digest], tags: [latest] });
  await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
  await store.policy.createRule({ ...change, rule: rule() });
  await store.accounts.create({ ...change, account });
  await store.gc.startRun({ ...change, id: 'run 1', reconcile: false, trigger: 'api' });
}

/** Every row of every table. */
function dump(sqlite: Sqlite.Database): Record<string, unknown[]> {
  const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  return Object.fromEntries(tables.map((table) => [table, sqlite.prepare(`SELECT * FROM "${table}"`).all()]));
}

describe('a change whose event cannot be written does not happen', () => {
  test.each(Object.entries(changes))('%s', async (_, run) => {
    const path = directory.file('mcr.db');
    const store = await SqliteMetadataStore.open({ path });
    const sqlite = new Sqlite(path);
    await fill(store);
    sqlite.exec("CREATE TRIGGER reject BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'the log is broken'); END");
    const before = dump(sqlite);

    await expect(run(store)).rejects.toThrow('The database rejected an operation');
    expect(dump(sqlite)).toEqual(before);

    sqlite.exec('DROP TRIGGER reject');
    await run(store);
    expect(dump(sqlite)).not.toEqual(before);
    await store.close();
    sqlite.close();
  });
});

test('of a group of events that cannot all be written none is', async () => {
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path });
  const sqlite = new Sqlite(path);
  sqlite.exec("CREATE TRIGGER reject BEFORE INSERT ON audit_log WHEN new.at = 2 BEGIN SELECT RAISE(ABORT, ''); END");
  const event = { type: 'login', actor: {}, details: {} } as const;
  await expect(store.audit.append([1, 2, 3].map((at) => ({ ...event, at })))).rejects.toThrow();
  expect(await store.audit.list({ limit: 10 })).toEqual([]);
  await store.close();
  sqlite.close();
});
