import { execFileSync } from 'node:child_process';
import { copyFile, stat } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { distrustCheckpoints, keepLog } from './wal-index.ts';

const directory = useTemporaryDirectory();
const path = () => directory.file('mcr.db');

function open(): Sqlite.Database {
  const sqlite = new Sqlite(path());
  for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL', 'wal_autocheckpoint = 0']) sqlite.pragma(pragma);
  return sqlite;
}

const checkpoint = (sqlite: Sqlite.Database) => sqlite.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
/** Twenty rows, each on a page of its own. */
const create = (sqlite: Sqlite.Database) =>
  sqlite.exec(`CREATE TABLE words (word TEXT, filler TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20)
    INSERT INTO words SELECT 'old', hex(zeroblob(1500)) FROM n`);
const wordsOf = (sqlite: Sqlite.Database) => sqlite.prepare('SELECT DISTINCT word FROM words ORDER BY 1').pluck().all();
const change = (sqlite: Sqlite.Database, to: string, rows: string) =>
  sqlite.prepare(`UPDATE words SET word = ? WHERE rowid ${rows}`).run(to);

/** Has a file what another one has, from another process: closing it in this one would drop the locks of SQLite. */
function overwrite(file: string, from: string): void {
  execFileSync('dd', [`if=${from}`, `of=${file}`, 'conv=notrunc', 'status=none']);
}

test.each([
  ['are lost without distrust', false, ['old', 'young']],
  ['are copied again with distrust', true, ['new', 'young']],
])('pages that vanished after a checkpoint that a reader cut short %s', async (_, isDistrusted, words) => {
  const writer = open();
  create(writer);
  checkpoint(writer);
  await copyFile(path(), directory.file('on-disk.db'));
  change(writer, 'new', '> 0');
  const reader = open();
  reader.exec('BEGIN; SELECT * FROM words');
  change(writer, 'young', '<= 10');
  // Copies what the reader sees, syncs nothing, and counts it as done.
  checkpoint(writer);
  overwrite(path(), directory.file('on-disk.db'));
  if (isDistrusted) distrustCheckpoints(path());
  writer.close();

  const next = open();
  reader.exec('COMMIT');
  checkpoint(next);
  reader.close();
  next.close();
  const found = open();
  expect(wordsOf(found)).toEqual(words);
  found.close();
});

test('a log that is kept is there after the last connection was closed, and the next one finds everything in it', async () => {
  const writer = open();
  create(writer);
  const before = (await stat(path())).size;
  keepLog(path());
  writer.close();
  expect((await stat(path())).size).toBe(before);
  expect((await stat(`${path()}-wal`)).size).toBeGreaterThan(4096);
  const next = open();
  expect(wordsOf(next)).toEqual(['old']);
  next.close();
});
