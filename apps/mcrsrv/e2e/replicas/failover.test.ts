import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  buildImage,
  createOciClient,
  type PostgresServer,
  pushImage,
  requirePostgres,
  requireS3Server,
  startPostgres,
  startReplicas,
  startS3Server,
  startTcpRelay,
  storesEnv,
} from '@mcr/testkit';
import pg from 'pg';
import { describe, expect, test } from 'vitest';

const canRun = [requirePostgres(15), requireS3Server('versitygw')].every(Boolean);
/** What docs/scale-out.md promises, in milliseconds. */
const maxRecovery = 30_000;
const clients = 3;

async function query(server: PostgresServer, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(server.url());
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe.skipIf(!canRun)('a failover of PostgreSQL to a synchronous standby', () => {
  test('amid pushes loses nothing acknowledged, and replicas go on within 30 s without a restart', async () => {
    await using primary = await startPostgres({ version: 15 });
    await using relay = await startTcpRelay(primary.port);
    await using s3 = await startS3Server('versitygw');
    const env = storesEnv(`postgres://mcr@127.0.0.1:${relay.port}/postgres`, s3);
    await using replicas = await startReplicas({ count: 2, env });
    await using standby = await startPostgres({ version: 15, standby: { of: primary, name: 'second' } });
    await query(primary, `ALTER SYSTEM SET synchronous_standby_names = 'second'`);
    await query(primary, 'SELECT pg_reload_conf()');
    const isSynchronous = async () => (await query(primary, 'SELECT sync_state FROM pg_stat_replication'))[0];
    await expect.poll(isSynchronous, { timeout: 30_000 }).toEqual({ sync_state: 'sync' });

    const { baseUrl, ca, adminPassword: password } = replicas;
    const { token } = await replicas.client().token();
    const pushed = new Map<string, string>();
    const others: string[] = [];
    const over = new AbortController();
    const push = async (at: number): Promise<void> => {
      for (let n = 0; !over.signal.aborted; n += 1) {
        const image = await buildImage({ layers: [{ size: 2_000, seed: `${at} ${n}` }] });
        await using client = createOciClient({ baseUrl, ca, token });
        try {
          await pushImage(client, `failover/${at}`, `v${n}`, image);
          pushed.set(`failover/${at}:v${n}`, image.manifest.digest);
        } catch (error) {
          // While there is no primary a push is rejected, or its connection ends; nothing else may happen.
          if (!/\b503\b|ECONN|closed|other side/.test(String(error))) others.push(String(error));
          await sleep(100);
        }
      }
    };
    const pushing = Promise.all(Array.from({ length: clients }, (_, at) => push(at)));
    const more = async (count: number): Promise<void> =>
      await expect.poll(() => pushed.size, { timeout: maxRecovery }).toBeGreaterThan(count);
    await more(10);
    const pids = replicas.replicas.map(({ pid }) => pid);
    await primary.stop('KILL');
    relay.target = standby.port;
    await standby.tool('pg_ctl', 'promote', '-D', join(standby.directory, 'data'));
    await more(pushed.size + 10);
    over.abort();
    await pushing;

    expect(others).toEqual([]);
    const client = createOciClient({ baseUrl, ca, username: 'admin', password });
    for (const [image, digest] of pushed) {
      const [repository = '', tag = ''] = image.split(':');
      expect((await client.getManifest(repository, tag)).header('docker-content-digest'), image).toBe(digest);
    }
    await client[Symbol.asyncDispose]();
    expect(replicas.replicas.map(({ pid }) => pid)).toEqual(pids);
    for (const replica of replicas.replicas) expect(await replica.isRunning()).toBe(true);
  });
});
