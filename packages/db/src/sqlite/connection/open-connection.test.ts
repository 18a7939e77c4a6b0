import { chmod, stat, writeFile } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DatabaseError } from '../../database-error.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';
import { openConnection } from './open-connection.ts';

const directory = useTemporaryDirectory();
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test('every connection has the pragmas that the store relies on', () => {
  for (const _ of ['first', 'second']) {
    const { sqlite } = openConnection({ path: directory.file('mcr.db') });
    const pragma = (name: string) => sqlite.pragma(name, { simple: true });
    expect({
      journal: pragma('journal_mode'),
      synchronous: pragma('synchronous'),
      foreignKeys: pragma('foreign_keys'),
      busyTimeout: pragma('busy_timeout'),
      trustedSchema: pragma('trusted_schema'),
    }).toEqual({ journal: 'wal', synchronous: 1, foreignKeys: 1, busyTimeout: 5000, trustedSchema: 0 });
    sqlite.close();
  }
});

test('the database and its companions are for their owner only', async () => {
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path });
  await store.accounts.revokeToken({ tokenId: 'x', expiresAt: 1, now: 0 });
  for (const suffix of ['', '-wal', '-shm']) expect(await modeOf(`${path}${suffix}`)).toBe('600');
  await store.close();
});

test('a database that others may read is taken from them', async () => {
  const path = directory.file('mcr.db');
  const first = await SqliteMetadataStore.open({ path });
  for (const suffix of ['', '-wal', '-shm']) await chmod(`${path}${suffix}`, 0o644);
  const second = await SqliteMetadataStore.open({ path });
  for (const suffix of ['', '-wal', '-shm']) expect(await modeOf(`${path}${suffix}`)).toBe('600');
  await Promise.all([first.close(), second.close()]);
});

test('a name with a meaning for the driver is only a path', async () => {
  const store = await SqliteMetadataStore.open({ path: ` ${directory.file(':memory:')} ` });
  await store.close();
  expect(await modeOf(directory.file(':memory:'))).toBe('600');
});

test('a directory that does not exist is rejected with a hint', async () => {
  const path = directory.file('missing/mcr.db');
  const opening = SqliteMetadataStore.open({ path });
  await expect(opening).rejects.toThrow(DatabaseError);
  await expect(opening).rejects.toThrow(`Cannot open the database "${path}"; check that its directory exists`);
});

test('a file that is not a database is rejected and left as it is', async () => {
  const path = directory.file('notes.txt');
  await writeFile(path, 'notes, not a database, and long enough to be read as the header of one'.repeat(20));
  await expect(SqliteMetadataStore.open({ path })).rejects.toThrow('Cannot open the database');
  expect((await stat(path)).size).toBe(1400);
});

test('a change takes the write lock when it begins', async () => {
  const path = directory.file('mcr.db');
  const statements: string[] = [];
  const store = await SqliteMetadataStore.open({ path, onStatement: (statement) => statements.push(statement) });
  statements.length = 0;
  await store.accounts.revokeToken({ tokenId: 'x', expiresAt: 1, now: 0 });
  expect(statements[0]).toBe('BEGIN IMMEDIATE');
  expect(statements.at(-1)).toBe('COMMIT');
  await store.close();
});

test('foreign keys are enforced', () => {
  const { sqlite } = openConnection({ path: directory.file('mcr.db') });
  sqlite.exec('CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a INTEGER REFERENCES a (id));');
  expect(() => sqlite.exec('INSERT INTO b VALUES (1)')).toThrow(Sqlite.SqliteError);
  sqlite.close();
});
