import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOk } from '@mcr/testkit';
import pg from 'pg';
import type { TestServer } from './server.ts';

/**
 * Changes the database, on the stores of a test, as another process would. SQLite never within this one: a second library here
 * would drop the locks of the registry's.
 */
export async function sqlFromOutside({ directory }: Pick<TestServer, 'directory'>, sql: string): Promise<void> {
  if (process.env['MCR_TEST_DATABASE'] === 'postgres') return await inPostgres(directory, sql);
  const script = `new (require('node:sqlite').DatabaseSync)(process.argv[1], { timeout: 5000 }).exec(process.argv[2])`;
  await runOk(process.execPath, ['--eval', script, join(directory, 'mcr.db'), sql]);
}

async function inPostgres(directory: string, sql: string): Promise<void> {
  const client = new pg.Client(await readFile(join(directory, 'database.url'), 'utf8'));
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
