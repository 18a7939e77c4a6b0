import { blobOf, requirePostgres, seededBytes, sharedPostgres } from '@mcr/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../_util/server.ts';

describe.skipIf(!requirePostgres(15))('while PostgreSQL does not do its work', () => {
  let server: TestServer;
  let session: pg.Client;

  beforeAll(() => sharedPostgres(15), 120_000);
  beforeEach(async () => {
    vi.stubEnv('MCR_TEST_DATABASE', 'postgres');
    const env = { MCR_DATABASE_POOL: '2', MCR_DATABASE_STATEMENT_TIMEOUT: '20s' };
    server = await startTestServer({ env });
    session = new pg.Client(server.context.config.database.url);
    await session.connect();
    await server.admin.token();
  }, 60_000);
  afterEach(async () => {
    await session.end();
    await server[Symbol.asyncDispose]();
  });
  afterAll(() => void vi.unstubAllEnvs());

  const push = (seed: string) => server.admin.pushBlob('team/app', blobOf(seededBytes(seed, 1_000)), 'post');
  const statusOf = async (seed: string) => (await push(seed)).status;
  const database = () => new URL(server.context.config.database.url ?? '').pathname.slice(1);
  /** New sessions are read-only or not, and those that there are end. */
  async function setReadOnly(isReadOnly: boolean): Promise<void> {
    await session.query(`ALTER DATABASE ${database()} SET default_transaction_read_only = ${isReadOnly}`);
    await session.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  }

  test('because it takes no writes, pushes are 503 with Retry-After, and go on once it does', async () => {
    expect(await statusOf('before')).toBe(201);
    await setReadOnly(true);
    const rejected = await push('rejected');
    expect(rejected.status).toBe(503);
    expect(Number(rejected.header('retry-after'))).toBeGreaterThan(0);
    await setReadOnly(false);
    await expect.poll(() => statusOf('after'), { timeout: 30_000 }).toBe(201);
    expect((await server.admin.getBlob('team/app', blobOf(seededBytes('before', 1_000)).digest)).status).toBe(200);
  });

  test('because all connections are taken, requests are 503 with Retry-After, and go on once there is one', async () => {
    await session.query('BEGIN');
    await session.query('LOCK TABLE repositories IN ACCESS EXCLUSIVE MODE');
    const waiting = Array.from({ length: 6 }, (_, at) => push(`waiting ${at}`));
    // Those that hold a connection wait for the lock; the others must not wait for them.
    const first = await Promise.race(waiting);
    expect(first.status).toBe(503);
    expect(Number(first.header('retry-after'))).toBeGreaterThan(0);
    await session.query('ROLLBACK');
    for (const response of await Promise.all(waiting)) expect([201, 503]).toContain(response.status);
    expect(await statusOf('after')).toBe(201);
  });
});
