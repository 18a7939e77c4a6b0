import Sqlite from 'better-sqlite3';
import { eq, sql } from 'drizzle-orm';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { openConnection } from './open-connection.ts';

const directory = useTemporaryDirectory();
const things = sqliteTable('things', { id: integer('id').primaryKey(), name: text('name') });

function open(onStatement: (statement: string) => void = () => {}) {
  const connection = openConnection({ path: directory.file('mcr.db'), onStatement });
  connection.sqlite.exec(`CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, size INTEGER, content BLOB) STRICT;
    CREATE INDEX things_by_name ON things (name, size)`);
  return connection;
}

test('no statement has a parameter whose value its plan depends on, also of the query builder', async () => {
  const statements: string[] = [];
  const { sqlite, db, close } = open((statement) => statements.push(statement));
  statements.length = 0;
  sqlite.prepare('SELECT 1 FROM things WHERE name =? AND size >= ?').get('a', 2);
  sqlite.prepare('SELECT 1 FROM things WHERE id = :id').get({ id: 3 });
  sqlite.prepare('SELECT 1 FROM things WHERE (name, size) < (?, ?) OR id IN (?) LIMIT ?').get('a', 2, 3, 4);
  const built = db
    .select({ id: things.id })
    .from(things)
    .where(eq(things.name, sql.placeholder('name')))
    .prepare();
  built.all({ name: 'b' });
  await close();
  expect(statements).toEqual([
    "SELECT 1 FROM things WHERE name =+'a' AND size >= +2.0",
    'SELECT 1 FROM things WHERE id = +3.0',
    "SELECT 1 FROM things WHERE (name, size) < (+'a', +2.0) OR id IN (+3.0) LIMIT +4.0",
    `select "id" from "things" where "things"."name" = +'b'`,
  ]);
});

test('a statement has the plan that it was compiled with, whatever is bound later', async () => {
  const { sqlite, close } = open();
  const plain = new Sqlite(':memory:');
  for (const database of [sqlite, plain]) {
    database.exec('CREATE TABLE t (a INTEGER, b INTEGER); INSERT INTO t VALUES (2, 1), (1, 1)');
    database.exec('CREATE INDEX by_a ON t (a) WHERE b = 1');
  }
  const found = [sqlite, plain].map((database) => database.prepare('SELECT rowid FROM t WHERE b = ?').pluck().all(1));
  // The driver's own statement was compiled again for this value, for which there is an index, and has its order.
  expect(found).toEqual([
    [1, 2],
    [2, 1],
  ]);
  plain.close();
  await close();
});

test('texts, names in quotes and comments of a statement stay as they are', async () => {
  const { sqlite, close } = open();
  const found = sqlite.prepare(`SELECT 'it''s :a, ?' AS "a ?" -- or ?, :b`).get();
  expect(found).toEqual({ 'a ?': "it's :a, ?" });
  await close();
});

test('values of every type are written, found and compared as they are', async () => {
  const { sqlite, close } = open();
  const content = Buffer.from([0, 255]);
  sqlite.prepare('INSERT INTO things (id, name) VALUES (?, ?)').run(1, '007');
  sqlite.prepare('UPDATE things SET size = ?, content = ? WHERE id = ?').run(7, content, 1);
  const by = (column: string, value: unknown) =>
    sqlite.prepare(`SELECT name, size, content FROM things WHERE ${column} = ?`).get(value);
  const row = { name: '007', size: 7, content };
  expect(by('name', '007')).toEqual(row);
  expect(by('size', 7)).toEqual(row);
  expect(by('size', 7n)).toEqual(row);
  expect(by('content', content)).toEqual(row);
  expect(by('name', '7')).toBeUndefined();
  expect(by('name', null)).toBeUndefined();
  await close();
});

test('an index serves a parameter as before', async () => {
  const { sqlite, close } = open();
  const plan = sqlite.prepare('EXPLAIN QUERY PLAN SELECT id FROM things WHERE name = ? AND size > ?').all('a', 1);
  expect(plan).toMatchObject([{ detail: expect.stringContaining('things_by_name (name=? AND size>?)') }]);
  await close();
});
