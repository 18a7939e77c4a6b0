import { generateKeyPairSync } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createDatabase,
  sharedPostgres,
  startTcpRelay,
  type TempDirectory,
  type TestDatabase,
  tempDirectory,
} from '@mcr/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { assertClock } from '../../src/stores.ts';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer } from '../_util/server.ts';
import { failingStart, startFrom } from '../_util/start.ts';

let resources: AsyncDisposableStack;
/** What `mcrsrv init` has made, to be copied. */
let pristine: TempDirectory;
let directory: TempDirectory;
let database: TestDatabase;

beforeAll(async () => {
  pristine = await tempDirectory();
  expect((await mcrsrv(['init', '--dir', pristine.path])).code).toBe(0);
  await sharedPostgres(15);
}, 120_000);
afterAll(() => pristine[Symbol.asyncDispose]());

beforeEach(async () => {
  resources = new AsyncDisposableStack();
  directory = resources.use(await tempDirectory());
  await cp(pristine.path, directory.path, { recursive: true });
  database = resources.use(await createDatabase(await sharedPostgres(15)));
  const keyFile = join(directory.path, 'shared-key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  vi.stubEnv('MCR_SERVER_LISTEN_ADDR', '127.0.0.1:0');
  vi.stubEnv('MCR_SERVER_GRPC_ADDR', '127.0.0.1:0');
  vi.stubEnv('MCR_DATABASE_PATH', '');
  vi.stubEnv('MCR_DATABASE_URL', database.url);
  vi.stubEnv('MCR_AUTH_SIGNING_KEY_FILE', keyFile);
  // The layers that `init` made are those of its own database.
  vi.stubEnv('MCR_STORAGE_LAYERS_PATH', join(directory.path, 'new', 'layers'));
  vi.stubEnv('MCR_STORAGE_SHARED', 'true');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await resources.disposeAsync();
});

const config = (): string => join(directory.path, 'mcr.toml');

async function sql(text: string, url = database.url): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function check(): Promise<{ ok: boolean; problems: { key: string; message: string }[] }> {
  return JSON.parse((await mcrsrv(['check', '--config', config(), '--json'])).stdout);
}

test('a check connects, and changes nothing; the first start makes the tables, and the next one finds them', async () => {
  expect(await check()).toMatchObject({ ok: true, problems: [] });
  expect(await sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  for (const _ of [1, 2]) await (await startFrom(config()))[Symbol.asyncDispose]();
  expect(await sql('SELECT id FROM schema_migrations WHERE id = 1')).toEqual([{ id: '1' }]);
  expect(await check()).toMatchObject({ ok: true });
  expect(await readdir(join(directory.path, 'new'))).not.toContain('mcr.db');
});

describe('a database that cannot be used keeps the server from starting, and check says why:', () => {
  test.each([
    ['it is not reached', (url: URL) => void (url.port = '1'), 'cannot be reached'],
    ['it is not there', (url: URL) => void (url.pathname = '/nowhere'), 'does not exist'],
  ])('%s', async (_, change, reason) => {
    const url = new URL(database.url);
    url.password = 'secret';
    change(url);
    vi.stubEnv('MCR_DATABASE_URL', url.href);
    const { ok, problems } = await check();
    expect(ok).toBe(false);
    expect(problems).toEqual([{ key: 'database.url', message: expect.stringContaining(reason) }]);
    const { code, stderr } = await failingStart(config());
    expect(code).toBe(1);
    expect(stderr).toContain('database.url');
    expect(stderr).toContain(reason);
    expect(stderr + JSON.stringify(problems)).not.toContain('secret');
  });

  test('it has another encoding', async () => {
    const latin = new URL(database.url);
    latin.pathname += '_latin';
    await sql(`CREATE DATABASE "${latin.pathname.slice(1)}" ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
    vi.stubEnv('MCR_DATABASE_URL', latin.href);
    expect((await check()).problems).toEqual([
      { key: 'database.url', message: expect.stringContaining("ENCODING 'UTF8'") },
    ]);
  });

  test('its schema is newer, unless that says it works with this one', async () => {
    await (await startFrom(config()))[Symbol.asyncDispose]();
    const newest = (await sql('SELECT max(id)::int AS id FROM schema_migrations'))[0]?.['id'];
    await sql(`INSERT INTO schema_migrations VALUES (1000, 'later', 0, ${Number(newest) + 1})`);
    expect((await check()).problems).toEqual([
      { key: 'database.url', message: expect.stringContaining('has schema 1000') },
    ]);
    await sql(`UPDATE schema_migrations SET works_with = ${Number(newest)} WHERE id = 1000`);
    expect(await check()).toMatchObject({ ok: true });
    await (await startFrom(config()))[Symbol.asyncDispose]();
  });

  test('its clock is another one', async () => {
    await sql(`CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql
      AS $$SELECT pg_catalog.clock_timestamp() + interval '1 hour'$$`);
    await sql(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET search_path = public, pg_catalog`);
    const behind = /The clock of this machine is 3(600|599)\.\d s behind the one of the database/;
    expect((await check()).problems).toEqual([{ key: 'database.url', message: expect.stringMatching(behind) }]);
    expect(await failingStart(config())).toMatchObject({ code: 1, stderr: expect.stringMatching(behind) });
  });

  test('its clock is more than five seconds off', () => {
    for (const offset of [0, 4_999, -5_000]) assertClock(offset, 'database.url');
    expect(() => assertClock(6_400, 'database.url')).toThrow('6.4 s ahead of the one of the database');
    expect(() => assertClock(-3_600_000, 'database.url')).toThrow('3600.0 s behind');
  });
});

test('a server is not ready while its database is away, and is again without a restart', async () => {
  const url = new URL(database.url);
  const port = Number(url.port);
  const relay = resources.use(await startTcpRelay(port));
  url.port = String(relay.port);
  const env = {
    MCR_DATABASE_PATH: '',
    MCR_DATABASE_URL: url.href,
    MCR_AUTH_SIGNING_KEY_FILE: join(directory.path, 'shared-key.pem'),
  };
  await using server = await startTestServer({ env });
  const ready = async () => (await server.admin.request('GET', '/v1/ready')).status;
  expect(await ready()).toBe(200);
  relay.target = 1;
  relay.cut();
  expect(await ready()).toBe(503);
  const scrape = await server.context.metrics.registry.metrics();
  expect(scrape).toContain('registry_database_connections{state="waiting"}');
  expect(scrape).not.toContain('registry_objects{');
  relay.target = port;
  await expect.poll(ready, { timeout: 20_000 }).toBe(200);
});

test('commands work on it, and those that are of SQLite say what to do instead', async () => {
  await (await startFrom(config()))[Symbol.asyncDispose]();
  const run = (...args: string[]) => mcrsrv([...args, '--config', config()]);
  expect(await run('fsck')).toMatchObject({ code: 0 });
  expect((await run('snapshot')).stderr).toContain('pg_dump');
  expect((await run('restore', 'copy.db')).stderr).toContain('pg_restore');
  expect(await readFile(config(), 'utf8')).toContain('path = ');
});
