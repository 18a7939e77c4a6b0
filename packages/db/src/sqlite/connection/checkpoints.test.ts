import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import type { CheckpointResult } from './checkpoint-thread.ts';
import type { Connection } from './connection.ts';
import { openConnection } from './open-connection.ts';

const directory = useTemporaryDirectory();
const path = () => directory.file('mcr.db');

/** A database with one table, and what it had to say beside its results. */
function open() {
  const warnings: Error[] = [];
  const fatal: Error[] = [];
  const connection = openConnection({
    path: path(),
    onWarning: (warning) => warnings.push(warning),
    onFatal: (error) => fatal.push(error),
  });
  connection.write(() => connection.sqlite.exec('CREATE TABLE IF NOT EXISTS pages (content BLOB)'));
  return { connection, warnings, fatal };
}

/** Writes about so many pages, and waits until they are durable. */
async function write({ sqlite, write, log }: Connection, pages: number): Promise<void> {
  const insert = sqlite.prepare('INSERT INTO pages VALUES (zeroblob(4096 * ?))');
  write(() => insert.run(pages));
  await log.durable();
}

function pagesInLog({ sqlite }: Connection): CheckpointResult {
  return sqlite.prepare('PRAGMA wal_checkpoint(NOOP)').get() as CheckpointResult;
}

/** Waits for the log to be in the database. */
async function untilCopied(connection: Connection): Promise<void> {
  while (pagesInLog(connection).checkpointed < pagesInLog(connection).log) await sleep(5);
}

test('a long log is copied into the database beside the event loop, and begins anew', async () => {
  const { connection, warnings } = open();
  await write(connection, 1_200);
  await untilCopied(connection);
  await write(connection, 1);
  expect(pagesInLog(connection).log).toBeLessThan(20);
  await connection.close();
  expect(warnings).toEqual([]);
});

test('a short log is left alone until the database is closed', async () => {
  const { connection } = open();
  await write(connection, 500);
  await sleep(20);
  expect(pagesInLog(connection)).toMatchObject({ checkpointed: 0 });
  await connection.close();
  expect(statSync(path()).size).toBeGreaterThan(500 * 4096);
});

test('a log that grows while it is copied is emptied all the same', async () => {
  const { connection } = open();
  let longest = 0;
  for (let written = 0; written < 24_000; written += 40) {
    await write(connection, 40).catch((error: { code?: string }) => expect(error.code).toBe('SQLITE_BUSY'));
    longest = Math.max(longest, pagesInLog(connection).log);
  }
  await connection.close();
  expect(longest).toBeGreaterThan(1_000);
  expect(longest).toBeLessThan(20_000);
});

test('a log that a reader keeps is tried again, and said of when it is long, once', async () => {
  const { connection, warnings } = open();
  const reader = openConnection({ path: path() });
  reader.sqlite.exec('BEGIN; SELECT * FROM pages');
  await write(connection, 20_000);
  while (warnings.length === 0) await sleep(5);
  await write(connection, 2_000);
  expect(warnings).toEqual([expect.objectContaining({ message: expect.stringContaining('old state') })]);
  expect(pagesInLog(connection).log).toBeGreaterThan(20_000);
  reader.sqlite.exec('COMMIT');
  await reader.close();
  await untilCopied(connection);
  await write(connection, 1);
  expect(pagesInLog(connection).log).toBeLessThan(20);
  // The log gives back what it took beyond 64 MiB.
  expect(statSync(`${path()}-wal`).size).toBeLessThan(65 << 20);
  await connection.close();
  expect(warnings).toHaveLength(1);
});

test('the connection is closed while a reader keeps the log', async () => {
  const { connection } = open();
  const reader = openConnection({ path: path() });
  reader.sqlite.exec('BEGIN; SELECT * FROM pages');
  await write(connection, 1_200);
  await connection.close();
  expect(reader.sqlite.prepare('SELECT count(*) FROM pages').pluck().get()).toBe(0);
  reader.sqlite.exec('COMMIT');
  expect(reader.sqlite.prepare('SELECT count(*) FROM pages').pluck().get()).toBe(1);
  await reader.close();
});
