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
    `select "id" from "things" where "things"."name" = +'b'`,
  ]);
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
