import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createDatabase, databasePool, sharedPostgres } from './databases.ts';
import { type PostgresVersion, requirePostgres } from './installations.ts';
import { startPostgres } from './server.ts';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe.each<PostgresVersion>([15, 18])('PostgreSQL %i', (version) => {
  const isThere = requirePostgres(version);

  test.skipIf(!isThere)('starts in the version that was asked for', async () => {
    const { url } = await sharedPostgres(version);
    const [row] = await query(url(), 'SHOW server_version');
    expect(row).toEqual({ server_version: expect.stringMatching(new RegExp(`^${version}\\.`)) });
  });

  test.skipIf(!isThere)('gives a database back with the rows that it was made with', async () => {
    const take = databasePool(version, async (url) => {
      await query(url, 'CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b text)');
      await query(url, "INSERT INTO a (b) VALUES ('kept')");
    });
    const add = "INSERT INTO a (b) VALUES ('added') RETURNING id";
    const urls: string[] = [];
    for (let use = 0; use < 2; use += 1) {
      await using database = await take();
      urls.push(database.url);
      expect(await query(database.url, 'SELECT * FROM a')).toEqual([{ id: '1', b: 'kept' }]);
      expect(await query(database.url, add)).toEqual([{ id: '2' }]);
      await query(database.url, "UPDATE a SET b = 'changed' WHERE id = 1");
    }
    expect(urls[1]).toBe(urls[0]);
  });

  test.skipIf(!isThere)('drops a database that still has sessions', async () => {
    const server = await sharedPostgres(version);
    const database = await createDatabase(server);
    const client = new pg.Client(database.url);
    client.on('error', () => {});
    await client.connect();
    await database[Symbol.asyncDispose]();
    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});

describe.skipIf(!requirePostgres(15))('a server', () => {
  test('does not survive a kill of the process that started it, and neither do its files', async () => {
    const program = `const { startPostgres } = await import('${import.meta.dirname}/server.ts');
      const { pid, directory } = await startPostgres({ version: 15 });
      console.log(JSON.stringify({ pid, directory }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { pid, directory } = JSON.parse(line.toString()) as { pid: number; directory: string };
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => existsSync(`/proc/${pid}`) || existsSync(directory), { timeout: 20_000 }).toBe(false);
  });

  test('says why it does not start', async () => {
    const started = startPostgres({ version: 15, settings: { shared_buffers: 'plenty' } });
    await expect(started).rejects.toThrow(/invalid value for parameter "shared_buffers": "plenty"/);
  });

  test('has a standby that takes over', async () => {
    await using primary = await startPostgres({ version: 15 });
    await query(primary.url(), 'CREATE TABLE a AS SELECT 1 AS b');
    await using standby = await startPostgres({ version: 15, standby: { of: primary, name: 'second' } });
    await primary.stop('KILL');
    expect(await query(standby.url(), 'SELECT pg_is_in_recovery()')).toEqual([{ pg_is_in_recovery: true }]);
    await standby.tool('pg_ctl', 'promote', '-D', `${standby.directory}/data`);
    expect(await query(standby.url(), 'SELECT b, pg_is_in_recovery() FROM a')).toEqual([
      { b: 1, pg_is_in_recovery: false },
    ]);
  });
});
