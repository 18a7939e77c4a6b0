import { expect, test } from 'vitest';
import { expectOlderData, olderRows } from '../testing/older-data.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { openConnection } from './connection/open-connection.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { SqliteMetadataStore } from './sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();

/** What a table has, in any order. */
type Tables = ReadonlyMap<string, ReadonlySet<string>>;

/** Makes a database of an older schema, with data; what it holds. */
async function makeOlder(schema: number): Promise<void> {
  const connection = openConnection({ path: directory.file('mcr.db') });
  await migrate(connection, migrations.slice(0, schema));
  for (const [table, row] of olderRows) {
    const values = Object.values(row).map((value) => (typeof value === 'boolean' ? Number(value) : value));
    const names = Object.keys(row);
    connection.sqlite
      .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
      .run(...values);
  }
  await connection.close();
}

/** Every row of the tables that a migration was not asked to change, by the columns that there were. */
async function contents(
  columns?: ReadonlyMap<string, string>,
): Promise<{ columns: Map<string, string>; rows: Tables }> {
  const connection = openConnection({ path: directory.file('mcr.db') });
  const { sqlite } = connection;
  const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  const own = tables.filter((name) => name !== 'schema_migrations' && !name.startsWith('sqlite_'));
  const of = (table: string) =>
    (sqlite.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]).join(', ');
  const listed = new Map(columns ?? own.map((name) => [name, of(name)] as const));
  const read = (names: string, table: string) =>
    new Set(
      sqlite
        .prepare(`SELECT ${names} FROM ${table}`)
        .all()
        .map((row) => JSON.stringify(row)),
    );
  const rows = new Map([...listed].map(([table, names]) => [table, read(names, table)] as const));
  await connection.close();
  return { columns: listed, rows };
}

test.each([
  ['the release d563548', 6],
  ['what had summaries of manifests', 18],
  ['what had no access tokens yet', 23],
  ['what had access tokens, and no people of providers', 25],
  ['what had no delegations', 27],
  ['what had no samples of its storage', 30],
  ['what had no images by their tags', 31],
  ['what had no layers by their sizes', 32],
])('a database of %s is upgraded with all that it knows', async (_, schema) => {
  await makeOlder(schema);
  const store = await SqliteMetadataStore.open({ path: directory.file('mcr.db') });
  await expectOlderData(store);
  await store.close();
});

test('access tokens, search and people are added without a change of any row', async () => {
  await makeOlder(23);
  const before = await contents();
  expect(before.rows.get('accounts')?.size).toBe(2);
  const connection = openConnection({ path: directory.file('mcr.db') });
  await migrate(connection, migrations.slice(0, 26));
  await connection.close();
  expect((await contents(before.columns)).rows).toEqual(before.rows);
});
