import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { digestOf, RegistryError } from '@mcr/core';
import { type PostgresServer, requirePostgres, startPostgres, startTcpRelay } from '@mcr/testkit';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { PostgresMetadataStore } from '../src/postgres/postgres-metadata-store.ts';
import { app, change, latest, manifest, publish, rule } from '../src/testing/fixtures.ts';

/** What a failover may take before writes succeed again, by the promise of the documentation; milliseconds. */
const maxRecovery = 30_000;

async function query(server: PostgresServer, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(server.url());
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** A standby without which the primary acknowledges nothing. */
async function startStandby(primary: PostgresServer): Promise<PostgresServer> {
  const standby = await startPostgres({ version: 15, standby: { of: primary, name: 'second' } });
  await query(primary, `ALTER SYSTEM SET synchronous_standby_names = 'second'`);
  await query(primary, 'SELECT pg_reload_conf()');
  const isSynchronous = async () => (await query(primary, 'SELECT sync_state FROM pg_stat_replication'))[0];
  await expect.poll(isSynchronous, { timeout: 30_000 }).toEqual({ sync_state: 'sync' });
  return standby;
}

/** Makes a change as clients do: again, under its id, until it is acknowledged or `end` is past. */
async function insist<Result>(make: (changeId: string) => Promise<Result>): Promise<Result> {
  const changeId = randomUUID();
  for (const end = performance.now() + maxRecovery; ; ) {
    try {
      return await make(changeId);
    } catch (error) {
      if (!(error instanceof RegistryError && error.code === 'UNAVAILABLE') || performance.now() > end) throw error;
    }
  }
}

describe.skipIf(!requirePostgres(15))('a failover of PostgreSQL', () => {
  test('loses nothing that was acknowledged, and processes go on without a restart', { timeout: 180_000 }, async () => {
    await using primary = await startPostgres({ version: 15 });
    await using relay = await startTcpRelay(primary.port);
    const open = () => PostgresMetadataStore.open({ url: `postgres://mcr@127.0.0.1:${relay.port}/postgres` });
    const stores = [await open(), await open()];
    await using standby = await startStandby(primary);

    const acknowledged: string[] = [];
    const stop = new AbortController();
    const pushUntilStopped = async (store: (typeof stores)[number], name: string): Promise<void> => {
      for (let n = 0; !stop.signal.aborted; n += 1) {
        const text = `${name} ${n}`;
        const { digest } = await insist((changeId) => publish(store, app, `layer ${text}`, { changeId }));
        const image = manifest(app, `image ${text}`, { blobs: [digest], tags: [latest] });
        await insist((changeId) => store.manifests.push({ ...image, changeId }));
        acknowledged.push(`image ${text}`);
      }
    };
    const pushers = stores.flatMap((store, at) => [0, 1].map((n) => pushUntilStopped(store, `${at}.${n}`)));
    const pushed = (count: number) =>
      Promise.race([
        Promise.all(pushers),
        expect.poll(() => acknowledged.length, { timeout: maxRecovery }).toBeGreaterThan(count),
      ]);
    await pushed(20);

    // What the primary has and the standby does not: pushes whose commits wait for it are not acknowledged.
    const [receiver] = await query(standby, 'SELECT pid FROM pg_stat_wal_receiver');
    process.kill(Number(receiver?.['pid']), 'SIGSTOP');
    const waiting = () => query(primary, `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
    await expect.poll(waiting, { timeout: maxRecovery }).not.toEqual([]);
    await primary.stop('KILL');
    process.kill(Number(receiver?.['pid']), 'SIGCONT');
    const before = acknowledged.length;
    // The address may lead to the standby before that takes writes.
    relay.target = standby.port;
    await expect(stores[0]!.policy.createRule({ ...change, rule: rule() })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await standby.tool('pg_ctl', 'promote', '-D', join(standby.directory, 'data'));
    await pushed(before + 20);
    stop.abort();
    await Promise.all(pushers);

    const [store] = stores;
    const events = await store!.audit.list({ type: 'manifest_pushed', limit: 100_000 });
    const count = Map.groupBy(events, ({ digest }) => digest ?? '');
    for (const text of acknowledged) {
      const digest = digestOf(text);
      expect(await store!.manifests.get(app, { kind: 'digest', digest })).toMatchObject({ digest });
      expect(count.get(digest)).toHaveLength(1);
    }
    const [found] = await store!.inspection.compareRepositories({ limit: 10 });
    expect(found?.kept).toEqual(found?.counted);
    for (const one of stores) await one.close();
  });
});
