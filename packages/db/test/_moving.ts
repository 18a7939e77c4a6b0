import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { createDatabase, sharedPostgres, tempDirectory } from '@mcr/testkit';
import type { MetadataStore } from '../src/index.ts';
import type { MovingDatabase } from '../src/moving/moving-database.ts';
import { openPostgresForMoving } from '../src/moving/postgres-moving.ts';
import { openSqliteForMoving } from '../src/moving/sqlite-moving.ts';
import { migrate } from '../src/postgres/migrate.ts';
import { PostgresMetadataStore } from '../src/postgres/postgres-metadata-store.ts';
import { SqliteMetadataStore } from '../src/sqlite/sqlite-metadata-store.ts';
import { ada, app, change, hour, latest, other, publish, push, rule, start } from '../src/testing/fixtures.ts';

export type Dialect = MovingDatabase['dialect'];

/** An empty database that moves, and a store on it. */
export interface Place extends AsyncDisposable {
  open(readonly?: boolean): Promise<MovingDatabase>;
  /** Closed with the place. */
  store(evenUnfinished?: boolean): Promise<MetadataStore>;
}

/** Makes an empty database of this version's schema. */
export async function makePlace(dialect: Dialect): Promise<Place> {
  const cleanup = new AsyncDisposableStack();
  const place = dialect === 'sqlite' ? await sqlite(cleanup) : await postgres(cleanup);
  return { ...place, [Symbol.asyncDispose]: () => cleanup.disposeAsync() };
}

async function sqlite(cleanup: AsyncDisposableStack): Promise<Pick<Place, 'open' | 'store'>> {
  const path = join(cleanup.use(await tempDirectory()).path, 'mcr.db');
  await (await SqliteMetadataStore.open({ path })).close();
  const store = (evenUnfinished = false) => SqliteMetadataStore.open({ path, evenUnfinished });
  return {
    open: async (readonly = false) => cleanup.adopt(openSqliteForMoving(path, { readonly }), (it) => it.close()),
    store: async (evenUnfinished) => cleanup.adopt(await store(evenUnfinished), (it) => it.close()),
  };
}

async function postgres(cleanup: AsyncDisposableStack): Promise<Pick<Place, 'open' | 'store'>> {
  const { url } = cleanup.use(await createDatabase(await sharedPostgres(15)));
  await migrate({ url });
  const store = (evenUnfinished = false) => PostgresMetadataStore.open({ url, evenUnfinished });
  return {
    open: async () => cleanup.adopt(await openPostgresForMoving({ url }), (it) => it.close()),
    store: async (evenUnfinished) => cleanup.adopt(await store(evenUnfinished), (it) => it.close()),
  };
}

/** Content with everything that dialects write in different ways. */
export async function fill(store: MetadataStore): Promise<void> {
  const blobs = ['one', 'two', 'three', 'four'].map((text) => ({ text, digest: digestOf(text) }));
  for (const [at, { text }] of blobs.entries())
    await publish(store, at === 3 ? other : app, text, { locator: `bytes of ${text}` });
  await push(store, app, 'first', { blobs: [blobs[0]!.digest, blobs[1]!.digest], tags: [latest] });
  await push(store, app, 'index', { children: [digestOf('first'), digestOf('absent')], subject: digestOf('first') });
  await publish(store, other, 'one', { locator: 'spare bytes of one', now: start + 1 });
  await push(store, other, 'second', { blobs: [blobs[0]!.digest, blobs[3]!.digest] });
  await store.repositories.update({ ...change, repository: app, description: 'Café \u0000, "quoted" 🐋' });
  await store.manifests.quarantine({ ...change, repository: other, digest: digestOf('second') });
  const damaged = { digest: blobs[2]!.digest, locator: 'bytes of three', damage: 'missing' } as const;
  await store.blobs.quarantine({ ...change, ...damaged });
  const account = { id: randomUUID(), username: 'bob', type: 'human', roles: ['admin', 'ci'] } as const;
  await store.accounts.create({ ...change, account: { ...account, passwordHash: 'a hash' } });
  await store.accounts.revokeToken({ tokenId: 'gone', expiresAt: start + hour, now: start });
  await store.policy.createRule({ ...change, rule: rule({ description: 'first' }) });
  const doomed = await store.policy.createRule({ ...change, rule: rule({ enabled: false }) });
  await store.policy.deleteRule({ ...change, id: doomed.id });
  const details = { z: 'last \u0000', 9: 'nine', a: '\ud800 alone' };
  for (let at = 0; at < 1_100; at += 550) {
    const events = Array.from({ length: 550 }, (_, n) => ({ at: start + (at + n) * hour, details }));
    await store.audit.append(events.map((event) => ({ ...event, type: 'manifest_pulled', actor: ada })));
  }
  const expired = await store.audit.listExpired({ before: start + hour, limit: 2 });
  await store.audit.delete({ ...change, ids: expired.map(({ id }) => id), file: 'old.ndjson' });
  await store.gc.startRun({ ...change, id: randomUUID(), reconcile: false, trigger: 'api' });
  await store.repositories.delete({ ...change, repository: other, reviewAfter: start, limit: 0 });
  await store.uploads.create({ id: randomUUID(), repository: app, createdBy: account.id, now: start });
}
